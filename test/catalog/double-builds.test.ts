import { describe, expect, it } from 'vitest';
import { doubleBuilds } from '../../src/catalog/double-builds.js';
import { pullRequest, push, release, tag } from '../../src/triggers/index.js';
import type { Trigger } from '../../src/triggers/trigger.js';

const warningsOf = (...on: Trigger[]) =>
  doubleBuilds({
    file: import.meta.filename,
    automations: [{ name: 'ci', on }],
    functions: [],
    names: [],
    problems: [],
  });

describe('an automation on pushes and pull requests', () => {
  it.each<[string, Trigger[]]>([
    ['of all branches', [push(), pullRequest()]],
    ['of all branches but some', [push({ branches: ['!main'] }), pullRequest({ branches: ['main'] })]],
    ['of branches of any name', [push({ branches: ['**'] }), pullRequest({ actions: ['synchronize'] })]],
    ['of branches that people work on', [push({ branches: ['main', 'feature/**'] }), pullRequest()]],
    ['of one of several kinds of branches', [push({ branches: ['{fix,feature}/*'] }), pullRequest()]],
    ['of all branches, and of certain head branches', [push(), pullRequest({ headBranches: ['bots/**'] })]],
    ['of a branch that is named', [push({ branches: ['next'] }), pullRequest({ headBranches: ['next'] })]],
    ['of release branches', [push({ branches: ['release/*'] }), pullRequest({ headBranches: ['**'] })]],
    [
      'of all repositories of an owner, and of one',
      [push({ repositories: ['acme/*'] }), pullRequest({ repositories: ['acme/app'] })],
    ],
    [
      'of repositories by patterns that meet',
      [push({ repositories: ['acme/{app,web}'] }), pullRequest({ repositories: ['*/web'] })],
    ],
    [
      'of all repositories but some',
      [push({ repositories: ['!acme/docs'] }), pullRequest({ repositories: ['!acme/site'] })],
    ],
    ['of one repository and of all', [tag(), pullRequest({ repositories: ['acme/app'] }), push()]],
  ])('%s is warned of, with the way out', async (_, on) => {
    expect(await warningsOf(...on)).toEqual([
      expect.stringMatching(
        /double-builds\.test\.ts.*: "ci" builds the commits of pull requests twice.*push\(\{ branches: \['main'\] \}\)/,
      ),
    ]);
  });

  it.each<[string, Trigger[]]>([
    ['of named branches', [push({ branches: ['main', 'release/*'] }), pullRequest()]],
    ['of version branches', [push({ branches: ['v*', '[0-9]*.x', '*-stable'] }), pullRequest()]],
    [
      'of repositories of others',
      [push({ repositories: ['acme/*', '!acme/app'] }), pullRequest({ repositories: ['acme/app'] })],
    ],
    ['of other repositories', [push({ repositories: ['acme/docs'] }), pullRequest({ repositories: ['acme/app'] })]],
    ['of other sources', [push({ sources: ['gitea'] }), pullRequest({ sources: ['github'] })]],
    ['that are closed', [push(), pullRequest({ actions: ['closed'] })]],
    [
      'of certain head branches',
      [push({ branches: ['!bots/**'] }), pullRequest({ headBranches: ['bots/**', '!some-new-branch'] })],
    ],
    ['alone', [push()]],
  ])('%s is not', async (_, on) => {
    expect(await warningsOf(...on)).toEqual([]);
  });
});

describe('an automation on tags and releases', () => {
  it.each<[string, Trigger[]]>([
    ['of all', [tag(), release()]],
    ['of tags by patterns that meet', [release({ tags: ['v[0-9]*'] }), tag({ tags: ['v*'] })]],
    ['of all tags but some', [tag({ tags: ['!v*-rc*'] }), release({ prerelease: false })]],
    ['that are made and edited', [tag(), release({ actions: ['published', 'edited'] }), push({ branches: ['main'] })]],
  ])('%s is warned of', async (_, on) => {
    expect(await warningsOf(...on)).toEqual([
      expect.stringMatching(
        /double-builds\.test\.ts.*: "ci" runs twice for a release, for tag\(\) and for release\(\)/,
      ),
    ]);
  });

  it.each<[string, Trigger[]]>([
    ['of other tags', [tag({ tags: ['v*'] }), release({ tags: ['app-*'] })]],
    ['of other repositories', [tag({ repositories: ['acme/a'] }), release({ repositories: ['acme/b'] })]],
    ['of other sources', [tag({ sources: ['gitea'] }), release({ sources: ['github'] })]],
    ['that are edited', [tag(), release({ actions: ['edited'] })]],
    ['of versions, and of prereleases', [tag({ tags: ['v*', '!v*-rc*'] }), release({ prerelease: true })]],
    ['of prereleases, and of versions', [tag({ tags: ['v*-rc*'] }), release({ prerelease: false })]],
  ])('%s is not', async (_, on) => {
    expect(await warningsOf(...on)).toEqual([]);
  });
});
