import { afterEach, describe, expect, it } from 'vitest';
import { createProviders } from '../../src/providers/apis.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { depsOf } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';

const SHA = 'a'.repeat(40);
const MESSAGE = 'Fix a typo\n\nskip-checks: true';

/** Where each provider's API has a commit, and how it answers. */
const rows: readonly [kind: ProviderKind, path: string, body: object][] = [
  ['github', `/repos/acme/app/git/commits/${SHA}`, { sha: SHA, message: MESSAGE }],
  ['gitlab', `/api/v4/projects/acme/app/repository/commits/${SHA}`, { id: SHA, message: MESSAGE }],
  ['gitea', `/api/v1/repos/acme/app/git/commits/${SHA}`, { sha: SHA, commit: { message: MESSAGE } }],
  ['forgejo', `/api/v1/repos/acme/app/git/commits/${SHA}`, { sha: SHA, commit: { message: MESSAGE } }],
  ['bitbucket-cloud', `/repositories/acme/app/commit/${SHA}`, { hash: SHA, message: MESSAGE }],
  [
    'bitbucket-data-center',
    `/rest/api/latest/projects/acme/repos/app/commits/${SHA}`,
    { id: SHA, displayId: SHA.slice(0, 11), message: MESSAGE },
  ],
  ['azure-devops', `/acme/_apis/git/repositories/app/commits/${SHA}`, { commitId: SHA, comment: MESSAGE }],
];

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe.each(rows)('the message of a commit at %s', (kind, path, body) => {
  async function ask(status: number, sha = SHA) {
    const asked: string[] = [];
    server = await startServer((request) => {
      asked.push(request.path);
      return { status, body: status === 200 ? body : { message: 'Not Found' } };
    });
    const source = { kind, url: 'https://git.example', secrets: [{ env: 'HOOK' }] };
    const api = {
      url: kind === 'gitea' || kind === 'forgejo' ? `${server.url}/api/v1` : `${server.url}${base(kind)}`,
      token: { env: 'TOKEN' },
    };
    const config = configOf({ sources: { here: { ...source, api } as never } }, { HOOK: 'x', TOKEN: 't' });
    const repository = await createProviders(depsOf(config)).repository('here', 'acme/app');
    return { asked, message: repository?.commitMessage?.(sha) };
  }

  it('is read', async () => {
    const { asked, message } = await ask(200);
    expect(await message).toBe(MESSAGE);
    expect(asked.map((each) => decodeURIComponent(each.split('?')[0] ?? ''))).toContain(path);
  });

  it('of what is no commit, or not there, is refused', async () => {
    await expect((await ask(404)).message).rejects.toMatchObject({ kind: 'refused' });
    await server?.close();
    await expect((await ask(200, '../../x')).message).rejects.toMatchObject({ kind: 'refused' });
  });
});

function base(kind: ProviderKind): string {
  return kind === 'gitlab' ? '/api/v4' : kind === 'bitbucket-data-center' ? '/rest' : '';
}
