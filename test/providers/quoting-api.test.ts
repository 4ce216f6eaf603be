import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { RepositoryApi } from '../../src/providers/api.js';
import { createProviders } from '../../src/providers/apis.js';
import { ProviderError } from '../../src/providers/error.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { depsOf } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, type Received, startServer } from '../support/harness/http-server.js';
import { kinds, senderOf } from './senders.js';

const TOKEN = 'canary-0123456789-abcdefgh';
const KINDS = kinds.filter((kind) => 'api' in PROVIDERS[kind]);
let server: LocalServer | undefined;
afterEach(() => server?.close());

/** An API that quotes what it was sent in all that it answers. */
function quoting(status: number) {
  return async ({ headers }: Received) => {
    const said = `no to ${headers.authorization}, ${Buffer.from(String(headers.authorization)).toString('base64')}`;
    const body = { message: said, error: { message: said }, errors: [{ message: said }], error_description: said };
    return { status, headers: { 'x-said': said, location: `http://other.example/${encodeURIComponent(said)}` }, body };
  };
}

const CALLS: readonly ((api: RepositoryApi) => Promise<unknown> | undefined)[] = [
  (api) => api.hooks?.list(),
  (api) => api.writeStatus?.({ sha: 'a'.repeat(40), state: 'success', context: 'ci', description: 'done' }),
  (api) => api.resolveCommit?.('main'),
];

test.each(KINDS.flatMap((kind) => [302, 403, 422].map((status) => [kind, status] as const)))(
  'an API of %s that answers %i and quotes its credentials puts them into no error',
  async (kind, status) => {
    server = await startServer(quoting(status));
    const here = { ...senderOf(kind).settings, kind, secrets: [{ env: 'HOOK' }], url: server.url };
    const username = kind === 'bitbucket-cloud' && { username: 'me@acme.example' };
    const api = { url: `${server.url}/api`, token: { env: 'TOKEN' }, ...username };
    const config = configOf({ sources: { here: { ...here, api } } } as never, { HOOK: 'x', TOKEN });
    const repository = await createProviders(depsOf(config)).repository('here', 'acme/app');
    let failed = 0;
    for (const call of CALLS) {
      const error = await call(repository as RepositoryApi)?.catch((reason: unknown) => reason);
      if (!(error instanceof ProviderError)) continue;
      failed++;
      const all = `${inspect(error, { depth: 9, showHidden: true })}${error.stack}`;
      for (const piece of [TOKEN, base64(TOKEN, 0), base64(TOKEN, 1), base64(TOKEN, 2)])
        expect(all).not.toContain(piece);
    }
    expect(failed).toBeGreaterThan(0);
    expect(JSON.stringify(server.received.map(({ headers }) => headers))).toMatch(/canary|Y2FuYXJ5|NhbmFyeS|jYW5hcnk/);
  },
);

function base64(text: string, before: number): string {
  return Buffer.from('x'.repeat(before) + text)
    .toString('base64')
    .slice(before === 0 ? 0 : 4, -4);
}

test('GitHub quotes neither the token of an app nor what the app signs', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const isAboutApp = (path: string) => path.startsWith('/app/') || path.endsWith('/installation');
  let refuses = false;
  server = await startServer((request) => {
    if (refuses || !isAboutApp(request.path)) return quoting(403)(request);
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    return { status: 201, body: { id: 7, token: 'canary-of-an-installation-0123', expires_at } };
  });
  const app = { id: 1, privateKey: { env: 'KEY' } };
  const sources = { here: { kind: 'github', secrets: [{ env: 'HOOK' }], api: { url: server.url, app } } };
  const config = configOf({ sources } as never, { HOOK: 'x', KEY: key });
  const failure = async (name: string) => {
    const api = await createProviders(depsOf(config)).repository('here', name);
    return String(await api?.hooks?.list().catch((error: unknown) => inspect(error, { depth: 9 })));
  };
  expect(await failure('acme/app')).toMatch(/no to (?:\*\*\*|Bearer \*\*\*)/);
  expect(await failure('acme/app')).not.toContain('canary-of-an-installation-0123');
  refuses = true;
  const signed = await failure('acme/other');
  expect(signed).toMatch(/no to bearer \S+\*\*\*/i);
  for (const { headers } of server.received) {
    // Without its signature, a token that an app has signed is none.
    const signature = String(headers.authorization).split('.').at(-1) ?? '';
    expect(signed).not.toContain(signature.slice(0, 20));
    expect(signed).not.toContain(signature.slice(-20));
  }
});
