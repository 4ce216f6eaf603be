import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accountFindings } from '../../src/cli/client/doctor/account-findings.js';
import { deliveryFindings, repositoriesSeen } from '../../src/cli/client/doctor/delivery-findings.js';
import { sentFindings, stateFindings } from '../../src/cli/client/doctor/hook-findings.js';
import { addressFindings, pageFindings, serverFindings } from '../../src/cli/client/doctor/server-findings.js';
import { findingLines } from '../../src/cli/format/finding-lines.js';
import { ProviderError } from '../../src/providers/error.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { GitSource, Source } from '../../src/providers/source.js';
import type { StuckRunsAnswer } from '../../src/server/api/contract.js';
import type { Finding } from '../../src/server/api/findings/finding.js';
import { schemeFindings } from '../../src/server/api/findings/scheme-findings.js';
import type { DeliveryRecord } from '../../src/store/store.js';
import { type FakeGithub, startFakeGithub } from '../support/fake-github/github.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { API_TOKEN, openPlace, type Place, SECRET } from '../support/harness/place.js';

const TOKEN = 'ghp_canary5550123456';
const URL_HERE = 'https://hooks.example/webhooks/github';
const SOURCES = `{
  github: {
    kind: 'github',
    secrets: [env('HOOK_SECRET')],
    api: { url: process.env.GITHUB_API ?? '', token: optionalEnv('GITHUB_TOKEN'), account: process.env.ACCOUNT },
    publicLogs: process.env.PUBLIC_LOGS === 'yes',
  },
  stripe: { kind: 'stripe', secrets: [env('HOOK_SECRET')] },
}`;

let place: Place;
let github: FakeGithub;
let server: LocalServer | undefined;
beforeAll(async () => {
  const automations = `import { automation, push } from 'hookyard/workflow';
export const build = automation({ on: push() }, async () => {});
`;
  place = await openPlace({ sources: SOURCES, automations });
});
afterEach(async () => {
  await github?.close();
  await server?.close();
  server = undefined;
});

async function doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const ended = await place.hookyard(['doctor', ...args], {
    GITHUB_API: github.url,
    GITHUB_TOKEN: TOKEN,
    HOOKYARD_PUBLIC_URL: 'https://hooks.example',
    ...env,
  });
  for (const secret of [SECRET, TOKEN, API_TOKEN]) expect(ended.out + ended.err).not.toContain(secret);
  return ended;
}

/** Stands in for a Hookyard server that has received what is given. */
async function hookyardServer(
  deliveries: readonly object[],
  ready: object = {},
  stuck: StuckRunsAnswer = { runs: [], complete: true },
): Promise<LocalServer> {
  return startServer(({ path, headers, query }) => {
    if (path === '/readyz')
      return {
        status: 200,
        body: { ready: true, store: 'answers', temporal: 'answers', waiting: 0, failed: 0, ...ready },
      };
    if (headers.authorization !== `Bearer ${API_TOKEN}`) return { status: 401, body: { error: 'no' } };
    if (path === '/api/runs/stuck') return { status: 200, body: stuck };
    if (path !== '/api/deliveries' || query.get('limit') !== '200') return { status: 404, body: { error: 'none' } };
    return { status: 200, body: { deliveries: query.get('source') === 'github' ? deliveries : [] } };
  });
}

const delivery = {
  id: 'd1',
  eventName: 'push',
  receivedAt: Date.parse('2026-03-01T09:00:00Z'),
  events: [{ repository: { fullName: 'acme/app' } }],
};
const hook = {
  id: 1,
  active: true,
  events: [
    'push',
    'pull_request',
    'issue_comment',
    'commit_comment',
    'pull_request_review_comment',
    'pull_request_review',
  ],
  config: { url: URL_HERE },
};
const sent = (at: number, status_code: number) => ({
  guid: `guid-${at}`,
  delivered_at: `2026-03-01T0${at}:00:00Z`,
  status_code,
  event: 'push',
});

test('what everybody may see is named, and a private repository beside it is warned of', async () => {
  github = await startFakeGithub({ token: TOKEN });
  const about = (id: string, fullName: string, isPrivate?: boolean) => ({
    ...{ ...delivery, id, key: id },
    events: [{ repository: { fullName, ...(isPrivate !== undefined && { private: isPrivate }) } }],
  });
  const edited = { ...about('d9', 'acme/edited', false), key: 'edited/d1/once-1234' };
  // The newest first: what is private now was public before.
  const all = [
    edited,
    about('d5', 'acme/app', false),
    about('d4', 'acme/secret', true),
    about('d3', 'acme/secret', false),
  ];
  server = await hookyardServer([...all, about('d2', 'acme/untold')]);
  const found = async (env: Readonly<Record<string, string>>) => {
    const { out } = await doctor(['--url', server?.url ?? '', '--json'], { ACCOUNT: 'hookyard-bot', ...env });
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    return findings.filter(({ says }) => says.includes('publicLogs'));
  };
  expect(await found({})).toEqual([]);
  expect(await found({ PUBLIC_LOGS: 'yes' })).toEqual([
    {
      ...{ level: 'ok', about: 'source github' },
      says: 'sources.github.publicLogs: everybody sees, without signing in, runs and what all their jobs print of acme/app',
    },
    {
      ...{ level: 'warn', about: 'source github' },
      says: expect.stringContaining('not known to be public: acme/secret, acme/untold.'),
      advice: expect.stringContaining('take sources.github.publicLogs out'),
    },
  ]);
  await server.close();
  server = await hookyardServer([]);
  expect(await found({ PUBLIC_LOGS: 'yes' })).toMatchObject([
    { level: 'ok', says: expect.stringContaining('none of its last deliveries is about one') },
  ]);
});

test('everything is fine: the exit code is 0, and the repository that deliveries told of is looked at', async () => {
  github = await startFakeGithub({ token: TOKEN });
  github.hooks.push(hook);
  github.deliveries.push(sent(9, 202));
  server = await hookyardServer([delivery]);
  const { code, out } = await doctor(['github', '--url', server.url, '--json'], { ACCOUNT: 'hookyard-bot' });
  const { healthy, findings } = JSON.parse(out) as { healthy: boolean; findings: Finding[] };
  expect([code, healthy]).toEqual([0, true]);
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(findings).toContainEqual({
    level: 'ok',
    about: 'source github',
    says: 'last delivery: "push" at 2026-03-01T09:00:00.000Z, verified',
  });
  expect(findings).toContainEqual({
    level: 'ok',
    about: 'source github',
    repository: 'acme/app',
    says: `its webhook to ${URL_HERE} is active and sends all that is needed`,
  });
  expect(github.changes()).toEqual([]);
});

test('what is broken ends with 1, each with what to do', async () => {
  github = await startFakeGithub({ token: TOKEN });
  github.hooks.push({ ...hook, events: ['push'], active: false, last_response: { code: 401, message: 'Invalid' } });
  github.deliveries.push(sent(9, 401), sent(8, 202));
  server = await hookyardServer([], { temporal: 'away', waiting: 3, failed: 2 });
  const { code, out } = await doctor(['github', '--repository', 'acme/app', '--url', server.url]);
  expect(code).toBe(1);
  for (const line of [
    'server\n',
    'Temporal does not answer: deliveries are stored, and nothing starts (3 waiting)',
    '2 runs could not be started',
    'source github\n',
    'sources.github.api.account is not set',
    '→ set sources.github.api.account to "hookyard-bot"',
    'nothing that could be verified has come in',
    'acme/app: its webhook is not active',
    'acme/app: its webhook does not send pull_request, issue_comment, commit_comment, pull_request_review_comment, pull_request_review',
    'its last delivery was answered 401: Invalid',
    "acme/app: 1 of the provider's last 2 deliveries failed",
    '→ npx hookyard connect github acme/app\n',
  ])
    expect(out).toContain(line);
  expect(out).not.toContain('\u001b');
});

test('runs that need somebody are a problem, with the command that lists them', async () => {
  github = await startFakeGithub({ token: TOKEN });
  github.hooks.push(hook);
  const since = '2026-03-01T09:00:00.000Z';
  const because = 'set aside by Hookyard: the worker process died more than once while it was at work on it (quit)';
  const runs = [{ run: 'ci/github/1', automation: 'ci', since, because, helps: 'correct it' }];
  server = await hookyardServer([delivery], {}, { runs, complete: true });
  const { code, out } = await doctor(['github', '--url', server.url], { ACCOUNT: 'hookyard-bot' });
  expect(code).toBe(1);
  expect(out).toContain(`1 run does not go on without somebody, such as ci/github/1: ${because}`);
  expect(out).toContain('→ npx hookyard runs --stuck lists them');
  expect(out).toContain('1 problem');
});

test('the rest is looked at all the same without a server; a webhook that is not there is a problem', async () => {
  github = await startFakeGithub({ token: TOKEN });
  const { code, out } = await doctor(['--repository', 'acme/app']);
  expect(code).toBe(1);
  expect(out).toContain('No Hookyard server answers at');
  expect(out).toContain(`no webhook leads to ${URL_HERE}`);
  expect(out).toContain('source stripe\n');
  expect(out).toContain('1 problem, ');
});

test('credentials that are refused, or that are not there', async () => {
  github = await startFakeGithub({ token: TOKEN });
  const refused = await doctor(['github', '--json'], { GITHUB_TOKEN: 'ghp_another' });
  expect([refused.code, refused.out]).toEqual([
    1,
    expect.stringContaining('API credentials are refused: GitHub answered 401'),
  ]);
  const none = await doctor(['github', '--json'], { GITHUB_TOKEN: '' });
  expect([none.code, none.out]).toEqual([0, expect.stringContaining('no API credentials')]);
});

const levels = (said: readonly { level: string }[]) => said.map(({ level }) => level);

describe('how deliveries are verified', () => {
  const source = (input: object, values: Record<string, string> = {}): Source =>
    configOf(
      { sources: { it: { kind: 'gitlab', secrets: [{ env: 'A' }], ...input } as never } },
      { A: 'a-plain-token', B: `whsec_${Buffer.alloc(32, 7).toString('base64')}`, ...values },
    ).sources.it as Source;
  const findingsOf = (it: Source) => schemeFindings('it', it, schemeOf(it).capabilities.verifiedBy);
  const both = [{ env: 'A' }, { env: 'B' }];

  test.each([
    ['a plain token is warned of', {}, 'nothing is signed'],
    ['a signing token beside a plain one', { secrets: both }, 'is not taken'],
    ['both are taken', { secrets: both, acceptSecretToken: true }, 'acceptSecretToken is on'],
    ['a disabled source', { enabled: false }, 'answered with 404'],
  ])('doctor warns about how deliveries are verified: %s', (_, input, words) => {
    const said = findingsOf(source(input));
    expect(said.find(({ says }) => says.includes(words))?.level).toBe('warn');
  });

  test('a signing token alone is fine, and several secrets are told of', () => {
    expect(findingsOf(source({ secrets: [{ env: 'B' }] }))).toEqual([
      { level: 'ok', says: expect.stringMatching(/^gitlab, verified by .*signing token \(whsec_…\).*; 1 secret$/) },
    ]);
    const said = findingsOf(source({ kind: 'github', secrets: both }));
    expect(said.map(({ says }) => says).join()).toContain('several secrets are taken');
    expect(JSON.stringify(said)).not.toContain('a-plain-token');
  });
});

describe('the account', () => {
  const source = (account?: string) => ({ kind: 'github', api: { account } }) as GitSource;
  const login = (name: string) => async () => ({ account: async () => ({ login: name }), repository: () => ({}) });
  const fails = (error: ProviderError) => async () => ({
    account: () => Promise.reject(error),
    repository: () => ({}),
  });

  test.each([
    ['is the configured one', 'bot', login('bot'), ['ok']],
    ['is the configured one in another case', 'bot', login('Bot'), ['ok']],
    ['is another', 'bot', login('robot'), ['ok', 'warn']],
    ['is not configured', undefined, login('bot'), ['ok', 'warn']],
    ['can not be asked for', 'bot', async () => ({ repository: () => ({}) }), ['ok']],
    ['may not be asked for', 'bot', fails(new ProviderError('not configured', 'no', { status: 403 })), ['warn']],
    ['is refused', 'bot', fails(new ProviderError('not configured', 'no', { status: 401 })), ['problem']],
    ['is not told now', 'bot', fails(new ProviderError('unavailable', 'no')), ['warn']],
    ['is none', 'bot', async () => undefined, ['warn']],
  ])('doctor says what is wrong with the account: it %s', async (_, account, api, expected) => {
    expect(levels(await accountFindings('it', source(account), api))).toEqual(expected);
  });
});

describe('webhooks', () => {
  const at = '2026-03-01T09:00:00.000Z';
  const good = { at, event: 'push', status: 202, ok: true };
  const bad = { at, event: 'push', ok: false };

  test('deliveries that fail are findings', () => {
    expect(levels(sentFindings([], 'connect it'))).toEqual(['ok']);
    expect(levels(sentFindings([good, good], 'connect it'))).toEqual(['ok']);
    expect(levels(sentFindings([good, bad], 'connect it'))).toEqual(['warn']);
    expect(sentFindings([bad, good], 'connect it')).toMatchObject([
      { level: 'problem', advice: expect.stringContaining('reachable') },
    ]);
    expect(sentFindings([{ ...bad, status: 401 }], 'connect it')).toMatchObject([
      { advice: expect.stringContaining('secret') },
    ]);
  });

  test('trouble is a finding, as the provider reports it', () => {
    const events = ['push'];
    const said = stateFindings(
      { id: '1', url: 'u', active: true, events, warning: 'disabled' },
      { events, connect: 'c' },
    );
    expect(said).toEqual([{ level: 'problem', says: 'the provider says of its webhook: disabled', advice: 'c' }]);
  });
});

test('at most five repositories are looked at, each once', () => {
  const of = (name: string) =>
    ({ ...delivery, events: [{ repository: { fullName: name } }] }) as unknown as DeliveryRecord;
  const seen = repositoriesSeen(['a/1', 'a/1', 'a/2', 'a/3', 'a/4', 'a/5', 'a/6'].map(of));
  expect(seen).toEqual(['a/1', 'a/2', 'a/3', 'a/4', 'a/5']);
  expect(levels(deliveryFindings({ name: 'it', source: { kind: 'stripe' } as Source, server: {} }, []))).toEqual([
    'warn',
  ]);
});

test('the server, and how others reach it', () => {
  expect(levels(serverFindings('u', { away: 'none runs' }))).toEqual(['warn']);
  expect(levels(serverFindings('u', { ready: false, store: 'away', temporal: 'answers' }))).toEqual(['problem', 'ok']);
  const workerAway = { ready: true, store: 'answers', temporal: 'answers', worker: 'away' } as const;
  expect(levels(serverFindings('u', workerAway))).toEqual(['ok', 'ok', 'problem']);
  const careful = { ...workerAway, worker: 'runs', workerCareful: true } as const;
  expect(levels(serverFindings('u', careful))).toEqual(['ok', 'ok', 'warn']);
  const config = (input: object) =>
    configOf({ sources: { s: { kind: 'stripe', secrets: [{ env: 'A' }] } }, ...input }, { A: 'a'.repeat(9) });
  expect(levels(addressFindings(config({})))).toEqual(['warn']);
  expect(levels(addressFindings(config({ builds: { ci: { url: 'https://ci.example' } } })))).toEqual(['problem']);
  expect(levels(addressFindings(config({ server: { publicUrl: 'https://a.example' } })))).toEqual(['ok']);
});

test.each([
  ['nothing is said', {}, undefined, ['warn']],
  ['its address is one of this machine', { publicUrl: 'http://localhost:3000' }, undefined, ['warn']],
  ['others reach it', { publicUrl: 'https://a.example' }, undefined, []],
  [
    'others reach it, and it is open all the same',
    { publicUrl: 'https://a.example', signIn: { loopback: 'open' } },
    undefined,
    ['problem'],
  ],
  ['everybody has to sign in', { signIn: { loopback: 'required' } }, undefined, ['ok']],
  ['a proxy on this machine is trusted', { trustedProxies: 1 }, undefined, []],
  ['webhooks were given an address of others', {}, 'https://a.example', []],
  [
    'webhooks were given an address of others, and it is open all the same',
    { signIn: { loopback: 'open' } },
    'https://a.example',
    ['problem'],
  ],
] as const)('who is an operator without a sign-in, where %s', (_, server, reachedAs, expected) => {
  const config = configOf(
    { sources: { s: { kind: 'stripe', secrets: [{ env: 'A' }] } }, server },
    { A: 'a'.repeat(9) },
  );
  expect(levels(pageFindings(config, reachedAs))).toEqual(expected);
});

test('what comes from outside does not steer the terminal', () => {
  const lines = findingLines([{ level: 'warn', about: 'server', says: 'a\u001b[2Jb\r\nc', advice: 'd\u0007' }]);
  expect(lines).toEqual(['server', '  warn     abc', '           → d', '', '0 problems, 1 warning']);
});
