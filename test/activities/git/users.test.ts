import { describe, expect, test } from 'vitest';
import { sourceRemote } from '../../../src/activities/git/remote.js';
import { configOf } from '../../support/harness/config.js';
import { azure, cloud, LONG_TOKEN, type SourceInput } from '../job/git-sources.js';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhenVyZSJ9.c2lnbmF0dXJl';

const secrets = [{ env: 'HOOK' }];
const url = 'https://git.example';
const token = { env: 'TOKEN' };
const other = { env: 'OTHER' };

describe('the user that git sends with a token', () => {
  const API = 'ATATT3xFfGF0canary';
  const ACCESS = 'ATCTT3xFfGN0canary';
  test.each<[string, SourceInput, Record<string, string>, string | undefined]>([
    ['github', { kind: 'github', secrets, api: { token } }, { TOKEN: LONG_TOKEN }, 'x-access-token'],
    ['gitlab', { kind: 'gitlab', secrets, api: { token } }, { TOKEN: 'glpat-x' }, 'oauth2'],
    ['gitea', { kind: 'gitea', url, secrets, api: { token } }, { TOKEN: 'x' }, 'x-access-token'],
    ['a data center', { kind: 'bitbucket-data-center', url, secrets, api: { token } }, { TOKEN: 'x' }, 'x-token-auth'],
    ['an access token', cloud({ api: { token } }), { TOKEN: ACCESS }, 'x-token-auth'],
    [
      'an access token with a needless name',
      cloud({ api: { token, username: 'a@b.c' } }),
      { TOKEN: ACCESS },
      'x-token-auth',
    ],
    ['an API token', cloud({ api: { token, username: 'a@b.c' } }), { TOKEN: API }, 'x-bitbucket-api-token-auth'],
    ['an API token without its name', cloud({ api: { token } }), { TOKEN: API }, 'x-bitbucket-api-token-auth'],
    ['a token with a name', cloud({ api: { token, username: 'a@b.c' } }), { TOKEN: 'x' }, 'x-bitbucket-api-token-auth'],
    ['a token without one', cloud({ api: { token } }), { TOKEN: 'x' }, 'x-token-auth'],
    [
      'an API token for clones beside an access token',
      cloud({ api: { token }, clone: { token: other } }),
      { TOKEN: ACCESS, OTHER: API },
      'x-bitbucket-api-token-auth',
    ],
    [
      'a token for clones beside an API token',
      cloud({ api: { token, username: 'a@b.c' }, clone: { token: other } }),
      { TOKEN: API, OTHER: 'x' },
      'x-token-auth',
    ],
    ['a personal token of Azure DevOps', azure({ api: { token } }), { TOKEN: 'pat' }, 'hookyard'],
    ['a token that Entra has issued', azure({ api: { token } }), { TOKEN: JWT }, undefined],
  ])('is right for %s', (_, source, values, username) => {
    const config = configOf({ sources: { here: source } }, { HOOK: 'x', ...values });
    expect(sourceRemote(config, { source: 'here', repository: 'acme/app' })).toMatchObject({ username });
  });
});
