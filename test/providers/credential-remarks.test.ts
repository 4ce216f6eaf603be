import { expect, test } from 'vitest';
import type { ConfigInput } from '../../src/config/index.js';
import { PROVIDERS } from '../../src/providers/index.js';
import type { GitProvider } from '../../src/providers/provider.js';
import type { GitSource } from '../../src/providers/source.js';
import { configOf } from '../support/harness/config.js';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhenVyZSJ9.c2lnbmF0dXJl';
const BEFORE = Date.UTC(2026, 10, 30);
const AFTER = Date.UTC(2026, 11, 1);

type SourceInput = NonNullable<ConfigInput['sources']>[string];
const url = 'https://dev.example/acme';

function remarks(kind: GitSource['kind'], more: object, { now = BEFORE, refused = false } = {}) {
  const input = { kind, secrets: [{ env: 'HOOK' }], ...more } as SourceInput;
  const values = { HOOK: 'x', PASSWORD: 'ATBBcanary', API: 'ATATTcanary', ACCESS: 'ATCTTcanary', OLD: 'canary', JWT };
  const source = configOf({ sources: { it: input } }, values).sources.it as GitSource;
  const provider: Pick<GitProvider<GitSource>, 'facts' | 'credentialRemarks'> = PROVIDERS[kind];
  const found = provider.credentialRemarks?.(source, { name: 'it', now, refused }) ?? [];
  expect(JSON.stringify(found)).not.toContain('canary');
  return found.map(({ kind, says, advice }) => `${kind}: ${says} → ${advice}`);
}
const token = (name: string) => ({ env: name });

test.each<[string, GitSource['kind'], object, object, string[]]>([
  ['an app password', 'bitbucket-cloud', { api: { token: token('PASSWORD'), username: 'joe' } }, {}, ['2026-06-09']],
  ['a name of the old kind', 'bitbucket-cloud', { api: { token: token('OLD'), username: 'joe' } }, {}, ['2026-06-09']],
  [
    'an API token without a name',
    'bitbucket-cloud',
    { api: { token: token('API') } },
    {},
    ['set sources.it.api.username'],
  ],
  [
    'an app password for clones',
    'bitbucket-cloud',
    { clone: { token: token('PASSWORD') } },
    {},
    ['sources.it.clone.token'],
  ],
  [
    'both',
    'bitbucket-cloud',
    { api: { token: token('PASSWORD'), username: 'joe' }, clone: { token: token('PASSWORD') } },
    {},
    ['sources.it.api.token is one', 'sources.it.clone.token is one'],
  ],
  ['an API token', 'bitbucket-cloud', { api: { token: token('API'), username: 'joe@acme.example' } }, {}, []],
  ['an access token', 'bitbucket-cloud', { api: { token: token('ACCESS') } }, {}, []],
  ['an access token with a name', 'bitbucket-cloud', { api: { token: token('ACCESS'), username: 'joe' } }, {}, []],
  ['none', 'bitbucket-cloud', {}, {}, []],
  ['a personal token', 'azure-devops', { url, api: { token: token('OLD') } }, {}, ['stop working on 2026-12-01']],
  [
    'a personal token for clones',
    'azure-devops',
    { url, clone: { token: token('OLD') } },
    {},
    ['sources.it.clone.token'],
  ],
  ['one that works after the day', 'azure-devops', { url, api: { token: token('OLD') } }, { now: AFTER }, []],
  [
    'one that is refused after the day',
    'azure-devops',
    { url, api: { token: token('OLD') } },
    { now: AFTER, refused: true },
    ['ended: sources.it.api.token is a personal access token: those for all organisations ended on 2026-12-01'],
  ],
  ['a token that Entra has issued', 'azure-devops', { url, api: { token: token('JWT') } }, {}, ['nobody renews it']],
  [
    'an application',
    'azure-devops',
    { url, api: { entra: { tenant: 'acme.example', clientId: 'id', clientSecret: token('OLD') } } },
    { now: AFTER, refused: true },
    [],
  ],
  ['a token', 'github', { api: { token: token('OLD') } }, { now: AFTER, refused: true }, []],
])('what has ended is named, with what to do: %s of %s', (_, kind, more, check, words) => {
  const found = remarks(kind, more, check);
  expect(found).toHaveLength(words.length);
  for (const [index, word] of words.entries()) expect(found[index]).toContain(word);
});
