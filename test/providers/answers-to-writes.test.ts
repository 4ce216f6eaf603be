import { afterEach, expect, test } from 'vitest';
import { createProviders } from '../../src/providers/apis.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { depsOf } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, type Reply, startServer } from '../support/harness/http-server.js';
import { kinds, senderOf } from './senders.js';

/** Gogs has no statuses. */
const KINDS = kinds.filter((kind) => 'api' in PROVIDERS[kind] && kind !== 'gogs');
let server: LocalServer | undefined;
afterEach(() => server?.close());

/** Writes a status at a provider that answers so. */
async function writeStatus(kind: (typeof KINDS)[number], answer: Reply): Promise<void> {
  server = await startServer(() => answer);
  const here = { ...senderOf(kind).settings, kind, secrets: [{ env: 'HOOK' }], url: server.url };
  const username = kind === 'bitbucket-cloud' && { username: 'me@acme.example' };
  const api = { url: `${server.url}/api`, token: { env: 'TOKEN' }, ...username };
  const config = configOf({ sources: { here: { ...here, api } } } as never, {
    HOOK: 'x',
    TOKEN: 'canary-0123456789-abcdefgh',
  });
  const repository = await createProviders(depsOf(config)).repository('here', 'acme/app');
  await repository?.writeStatus?.({ sha: 'a'.repeat(40), state: 'success', context: 'ci', description: 'done' });
}

test.each(KINDS)(
  'a status at %s that is answered by a page, as by a portal with 200, counts as not written',
  async (kind) => {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    const body = '<!-- portal -->\n<!DOCTYPE html><title>Back soon';
    await expect(writeStatus(kind, { status: 200, headers, body })).rejects.toMatchObject({
      name: 'ProviderError',
      kind: 'unavailable',
    });
  },
);

test.each(KINDS)('a status at %s that is answered 403 with a time is written later', async (kind) => {
  await expect(writeStatus(kind, { status: 403, headers: { 'retry-after': '20' }, body: {} })).rejects.toMatchObject({
    kind: 'unavailable',
    retryAfterMs: 20_000,
  });
});
