import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { createSignTokens, type TokenJob } from '../../../src/activities/job/id-tokens.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { maskKnown } from '../../../src/secrets/mask.js';
import { tokenKey } from '../../../src/secrets/token-key.js';
import { configOf } from '../../support/harness/config.js';

const KEY = tokenKey.make();
const asked = { TOKEN: { idToken: { audience: 'sts.example.com' } }, OTHER: 'x', NPM: { secret: 'npm' } };
const checkout = { source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), ref: 'refs/heads/main' };

const configured = (server: ConfigInput['server']) =>
  configOf({ server, sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } } }, { HOOK: 'x', KEY });
const issuing = configured({ publicUrl: 'https://hooks.example/hooks', idTokens: { keys: [{ env: 'KEY' }] } });

function job(change: Partial<TokenJob['input']> = {}): TokenJob {
  const input = { name: 'upload', checkout, timeoutMs: 1_800_000, tokenEvent: { name: 'push' }, ...change };
  return { input, automation: 'deploy', workflowId: 'deploy/github/1', attempt: 2 };
}

async function claimsOf(one: TokenJob, env: Parameters<ReturnType<typeof createSignTokens>>[0] = asked) {
  const { TOKEN = '', ...rest } = await createSignTokens(issuing, one)(env);
  expect(rest).toEqual({});
  return decodeJwt(TOKEN);
}

test('only what stands for a token is signed, and each is hidden from then on', async () => {
  const { TOKEN = '' } = await createSignTokens(issuing, job())(asked);
  expect(decodeJwt(TOKEN)).toMatchObject({ iss: 'https://hooks.example/hooks', run_attempt: '2', event_name: 'push' });
  expect(maskKnown(`it is ${TOKEN}`)).not.toContain(TOKEN.split('.')[2]);
});

test.each([
  ['ten minutes by default', {}, 1_800_000, 600],
  ['as long as its author says', { lifetimeMs: 3_600_000 }, 7_200_000, 3_600],
  ['no longer than the job may take', { lifetimeMs: 3_600_000 }, 300_000, 300],
  ['a second at least', {}, 500, 1],
])('a token counts for %s', async (_, more, timeoutMs, seconds) => {
  const env = { TOKEN: { idToken: { audience: 'a', ...more } } };
  const { iat = 0, exp = 0 } = await claimsOf(job({ timeoutMs }), env);
  expect(exp - iat).toBe(seconds);
});

test('a tag and a pull request whose head is kept elsewhere are named as what they are', async () => {
  expect(await claimsOf(job({ checkout: { ...checkout, ref: 'refs/tags/v1' } }))).toMatchObject({
    sub: 'source:github:repository:acme/app:ref:refs/tags/v1:automation:deploy',
    ref_type: 'tag',
  });
  const pullRequest = { number: 7, head: { ref: 'main', repository: 'acme/app' } };
  const claims = await claimsOf(job({ checkout: { ...checkout, base: 'main', pullRequest } }));
  expect(claims).toMatchObject({
    sub: 'source:github:repository:acme/app:pull_request:automation:deploy',
    base_ref: 'main',
  });
  expect(claims).not.toHaveProperty('ref');
});

test.each([
  ['of a fork', { untrusted: true as const }],
  ['of a merge queue', { queued: true as const }],
  ['of nobody knows whom', { ref: 'refs/pull/7/head' }],
  ['of a fork that says nothing', { pullRequest: { number: 7, head: { ref: 'main' } } }],
  ['of another repository', { pullRequest: { number: 7, head: { ref: 'main', repository: 'eve/app' } } }],
])('code %s gets no token', (_, change) => {
  const strangers = job({ checkout: { ...checkout, ...change } });
  expect(() => createSignTokens(issuing, strangers)).toThrow(/gets no ID token: its code may be a stranger's/);
});

test('a branch whose name makes its subject too long gets none, and that is told before its first step', () => {
  const long = job({ checkout: { ...checkout, ref: `refs/heads/${'ö'.repeat(60)}` } });
  expect(() => createSignTokens(issuing, long)).toThrow(/gets no ID token: its subject has 4\d\d characters/);
});

test('a worker that issues none says what to set, and does not mind jobs that ask for none', async () => {
  const none = configured({ publicUrl: 'https://hooks.example' });
  expect(() => createSignTokens(none, job())).toThrow(/set server\.idTokens to \{\} .* and server\.publicUrl/);
  const { tokenEvent: _, ...input } = job().input;
  const sign = createSignTokens(none, { ...job(), input });
  expect(await sign({ OTHER: 'x' })).toEqual({});
  await expect(sign(asked)).rejects.toThrow(/env TOKEN: the run began before its automation asked for ID tokens/);
});
