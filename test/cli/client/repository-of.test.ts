import { expect, test } from 'vitest';
import { repositoryOfRemote } from '../../../src/cli/client/repository-of.js';

test.each([
  ['https://github.com/acme/app.git', 'https://github.com', 'acme/app'],
  ['https://user:token@github.com/acme/app/', 'https://github.com', 'acme/app'],
  ['git@github.com:acme/app.git', 'https://github.com', 'acme/app'],
  ['ssh://git@git.example:2222/acme/app.git', 'https://git.example', 'acme/app'],
  ['https://gitlab.example/group/sub/app.git', 'https://gitlab.example', 'group/sub/app'],
  ['git@gitlab.example:GitLab/app.git', 'https://gitlab.example/gitlab', 'GitLab/app'],
  ['git@gitlab.example:gitlab/tools/app.git', 'https://gitlab.example/gitlab', 'gitlab/tools/app'],
  ['ssh://git@gitlab.example:2222/gitlab/tools/app.git', 'https://gitlab.example/gitlab', 'gitlab/tools/app'],
  ['ssh://tfs.example:22/tfs/Main/_git/app', 'https://tfs.example/tfs/Main', 'app/app'],
  ['https://host.example/gitea/acme/app.git', 'https://host.example/gitea', 'acme/app'],
  ['https://git.example/scm/PROJ/app.git', 'https://git.example', 'PROJ/app'],
  ['ssh://git@git.example:7999/~ann/app.git', 'https://git.example', '~ann/app'],
  ['https://dev.azure.com/acme/My%20Project/_git/app', 'https://dev.azure.com/acme', 'My Project/app'],
  ['git@ssh.dev.azure.com:v3/acme/Project/app', 'https://dev.azure.com/acme', 'Project/app'],
  ['https://dev.azure.com/acme/_git/app', 'https://dev.azure.com/acme', 'app/app'],
  ['https://acme@dev.azure.com/Acme/_git/app', 'https://dev.azure.com/acme', 'app/app'],
  ['https://acme.visualstudio.com/_git/app', 'https://acme.visualstudio.com', 'app/app'],
  ['/srv/repositories/acme/app.git', undefined, 'acme/app'],
  ['file:///srv/repositories/acme/app.git', undefined, 'acme/app'],
  ['../acme/app', undefined, 'acme/app'],
  ['app', undefined, undefined],
  ['https://github.com/', 'https://github.com', undefined],
])('the remote %s of a source at %s is of the repository %s', (remote, web, repository) => {
  expect(repositoryOfRemote(remote, web)).toBe(repository);
});

test.each([
  ['https://git.example/scm/proj/app.git', 'PROJ/app'],
  ['ssh://git@git.example:7999/proj/my-app.git', 'PROJ/my-app'],
  ['ssh://git@git.example:7999/~ann/app.git', '~ann/app'],
])('Bitbucket Data Center has a key in capitals in what it sends: %s is of %s', (remote, repository) => {
  expect(repositoryOfRemote(remote, 'https://git.example', 'bitbucket-data-center')).toBe(repository);
  expect(repositoryOfRemote('git@git.example:acme/app.git', 'https://git.example', 'gitea')).toBe('acme/app');
});
