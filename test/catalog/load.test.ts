import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type CatalogError, loadCatalog, ownNames } from '../../src/catalog/load.js';
import { packageRoot } from '../../src/paths.js';
import { bundleWorkflows } from '../../src/worker/bundle.js';
import { tempFolder } from '../support/temp-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('catalog');
});

const module = (name: string, text: string) => writeFile(join(folder, name), text);
const problem = (): Promise<string> =>
  loadCatalog(folder).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
const kit = "import { automation, push } from 'hookyard/workflow';\n";

test('a folder outside the package is loaded and bundled, with what its modules share', async () => {
  await mkdir(join(folder, 'shared'));
  await writeFile(join(folder, 'shared/steps.ts'), "export const steps: string[] = ['make'];\n");
  await module('_draft.ts', 'this is not even TypeScript');
  await module(
    'build.ts',
    `import { automation, push, runJob } from 'hookyard/workflow';
     import { executeChild } from '@temporalio/workflow';
     import { steps } from './shared/steps.js';
     export async function child(n: number): Promise<number> { return n + 1; }
     export const build = automation({ on: push({ branches: ['main'] }) }, async (event) => {
       await executeChild(child, { args: [1] });
       await runJob(event, { name: 'build', steps });
     });`,
  );
  const catalog = await loadCatalog(folder);
  expect(ownNames(catalog)).toEqual(['build']);
  expect(catalog.automations[0]).toEqual({
    name: 'build',
    on: [{ kind: 'push', branches: ['main'] }],
    file: join(folder, 'build.ts'),
  });
  expect(catalog.modules[0]?.functions).toEqual(['child']);
  const { code } = await bundleWorkflows(catalog, join(folder, 'data'));
  expect(code).toContain('make');
});

test('the example automations load, and their bundle holds no Node module and no zod', async () => {
  const catalog = await loadCatalog(join(packageRoot, 'automations'));
  expect(ownNames(catalog)).toEqual([
    'ci',
    'deploy',
    'payment',
    'relay',
    'release',
    'syncPullRequests',
    'zonesReport',
    'zones',
  ]);
  const { code } = await bundleWorkflows(catalog, join(folder, 'data'));
  expect(code).not.toMatch(/node_modules\/(zod|undici|express)\//);
});

test('a Node import is refused with file, line and the way out', async () => {
  await module(
    'a.ts',
    `${kit}import { readFileSync } from 'node:fs';\nexport const a = automation({ on: push() }, async () => { readFileSync('x'); });\n`,
  );
  expect(await problem()).toMatch(
    /a\.ts:2:\d+: "node:fs" can't be imported: a workflow can't touch Node; do it in an activity/,
  );
});

test('of patterns that can never match all are told at once, those of a shared file once', async () => {
  await module('_shared.ts', `${kit}export const onMain = push({ branches: ['refs/heads/main', 'main', '/x'] });\n`);
  for (const name of ['a', 'b'])
    await module(
      `${name}.ts`,
      `${kit}import { onMain } from './_shared.js';
       export const ${name} = automation({ on: [onMain, push({ paths: ['src/'], authors: ['@${name}'] })] }, async () => {});
       export const ${name}2 = automation({ on: push({ branches: ['main,next'] }) }, async () => {});\n`,
    );
  const problems = (await problem()).split('\n').slice(1);
  expect(problems.map((line) => /([\w.]+:\d+:\d+): .*\(and (".*?")/.exec(line)?.slice(1).join(' ')).sort()).toEqual([
    expect.stringMatching(/^_shared\.ts:2:\d+ "\/x"$/),
    expect.stringMatching(/^_shared\.ts:2:\d+ "refs\/heads\/main"$/),
    expect.stringMatching(/^a\.ts:3:\d+ "@a"$/),
    expect.stringMatching(/^a\.ts:3:\d+ "src\/"$/),
    expect.stringMatching(/^a\.ts:4:\d+ "main,next"$/),
    expect.stringMatching(/^b\.ts:3:\d+ "@b"$/),
    expect.stringMatching(/^b\.ts:3:\d+ "src\/"$/),
    expect.stringMatching(/^b\.ts:4:\d+ "main,next"$/),
  ]);
});

test('a pattern that is refused is told once, also where nothing could match by it, or many triggers are made of its scope', async () => {
  await module(
    'a.ts',
    `import { automation, pullRequest, push, scope } from 'hookyard/workflow';
     const shop = scope({ repositories: ['shop'] });
     export const a = automation({ on: [push({ branches: ['!'] }), pullRequest()] }, async () => {});
     export const b = automation({ on: [shop.push(), shop.tag(), push({ paths: ['src/*,lib/*'] })] }, async () => {});\n`,
  );
  const error = (await loadCatalog(folder).catch((thrown: unknown) => thrown)) as CatalogError;
  expect(error.problems.map((line) => /a\.ts:(\d+):.*\(and (".*?")/.exec(line)?.slice(1))).toEqual([
    ['2', '"shop"'],
    ['3', '"!"'],
    ['4', '"src/*,lib/*"'],
  ]);
  expect(error.warnings).toEqual([]);
});

test('what a module throws is told beside the patterns that can never match', async () => {
  await module('a.ts', `${kit}push({ branches: ['/main'] });\nautomation({ on: push() }, 5 as never);\n`);
  expect(await problem()).toMatch(/a\.ts:2:\d+: .*"\/main" can never match[^\n]*\n.*a\.ts:3:\d+: automation\(\) takes/);
});

test('all that is wrong with the triggers and automations of a module is told at once, each once and in its line', async () => {
  const lines = [
    "import * as kit from 'hookyard/workflow';",
    'const { automation, comment, completed, cron, manual, push, scope, tag }: any = kit;',
    'const run = async () => {};',
    "export const a = automation({ on: cron('61 * * * *'), timeout: 'soon', cheks: ['a'] }, run);",
    "export const b = automation({ on: [push({ branch: ['a'], skippable: 1 }), cron('0 3 31 2 *')] }, run);",
    "export const c = automation({ on: push(), concurrency: { group: '{brnch}', limit: 0 }, debounce: {} }, run);",
    "export const d = automation({ on: tag(), concurrency: [{ group: 'branch' }] }, 5);",
    "export const e = automation({ on: push, concurrency: 'branch', endOn: comment(), debounce: '1 minute' }, run);",
    "export const f = automation({ on: [manual({ inputs: { 'a b': 'string', c: 5 } }), manual('x')] }, run);",
    "export const g = automation({ on: [completed(a), completed('a')], checks: 'g' }, run);",
    'const { push: pushed } = scope({ source: 5 }); export const h = automation({ on: pushed() }, run);',
    "export const i = automation({ on: comment({ commands: 'go', permission: 'read' }), debounce: 'soon' }, run);",
    'export const j = automation(undefined, run);',
  ];
  await module('a.ts', lines.join('\n'));
  await module(
    'b.ts',
    `${kit}export const k = automation({ on: push(), timeout: 'late' as never }, async () => {});\n`,
  );
  const problems = (await problem()).split('\n').slice(1);
  expect(problems).toEqual(
    [
      /a\.ts:4:.* cron\(\): "61 \* \* \* \*" can't be read/,
      /a\.ts:4:.* "timeout" must be/,
      /a\.ts:4:.* unknown option "cheks"/,
      /a\.ts:5:.* unknown option "branch"/,
      /a\.ts:5:.* "skippable" must be/,
      /a\.ts:5:.* "0 3 31 2 \*" never comes/,
      /a\.ts:6:.* "concurrency\.group" must be/,
      /a\.ts:6:.* "concurrency\.limit" must be/,
      /a\.ts:6:.* "debounce\.wait" is missing/,
      /a\.ts:7:.* "branch" is never filled/,
      /a\.ts:7:.* takes a function/,
      /a\.ts:8:.* "on" must be a trigger/,
      /a\.ts:8:.* "concurrency" takes an object of options/,
      /a\.ts:9:.* the input "a b" must have a name/,
      /a\.ts:9:.* the input "c" must be/,
      /a\.ts:9:.* manual\(\) takes an object of options/,
      /a\.ts:9:.* one manual\(\) is enough/,
      /a\.ts:10:.* completed\(\) takes the name/,
      /a\.ts:10:.* "checks" must be/,
      /a\.ts:11:.* scope\(\): "source" must be/,
      /a\.ts:12:.* "commands" must be/,
      /a\.ts:12:.* "debounce\.wait" must be/,
      /a\.ts:13:.* automation\(\) takes an object of options/,
      /b\.ts:2:.* "timeout" must be/,
    ].map((line) => expect.stringMatching(line)),
  );
});

test('a Node import of a shared module is refused at its own line', async () => {
  await module('_shared.ts', "\nimport 'fs';\nexport const x = 1;\n");
  await module(
    'a.ts',
    `${kit}import { x } from './_shared.js';\nexport const a = automation({ on: push() }, async () => { void x; });\n`,
  );
  expect(await problem()).toMatch(/_shared\.ts:2:\d+: "fs" can't be imported/);
});

test('an unknown option is refused at the line of the trigger', async () => {
  await module(
    'a.ts',
    `${kit}\nexport const a = automation({ on: push({ branch: ['main'] } as never) }, async () => {});\n`,
  );
  expect(await problem()).toMatch(/a\.ts:3:\d+: push\(\): unknown option "branch"; did you mean "branches"\?/);
});

test('a job on an event that never leads to a commit is refused at the line of its automation', async () => {
  await module(
    'a.ts',
    `import { automation, manual, runJob } from 'hookyard/workflow';
export const a = automation({ on: manual() }, async (event) => {
  await runJob(event as never, { name: 'a', steps: ['make'] });
});
`,
  );
  expect(await problem()).toMatch(
    /a\.ts:2:\d+: automation\(\): runJob\(\) could never run, since a manual event leads to no commit: pass what headOf\(/,
  );
});

test('a lane that nothing which starts its automation ever fills is refused at the line of that', async () => {
  await module(
    'a.ts',
    `import { automation, tag } from 'hookyard/workflow';
export const a = automation({ on: tag(), concurrency: { group: 'branch' } }, async () => {});
`,
  );
  expect(await problem()).toMatch(
    /a\.ts:2:\d+: automation\(\): "concurrency\.group" "branch" is never filled, since tag\(\) has no branch and no pull request/,
  );
});

test('a syntax error is refused with file and line', async () => {
  await module('a.ts', `${kit}export const a = automation({ on: push() }, async () => {\n`);
  expect(await problem()).toMatch(/a\.ts:\d+:\d+: Unexpected end of file/);
});

test('top-level await, which would break every workflow of the bundle, is refused', async () => {
  await module(
    'a.ts',
    `${kit}await Promise.resolve();\nexport const a = automation({ on: push() }, async () => {});\n`,
  );
  expect(await problem()).toMatch(/a\.ts:2:\d+: Top-level await/);
});

test('one name in two modules is refused with both places', async () => {
  await module('a.ts', `${kit}export const a = automation({ on: push() }, async () => {});\n`);
  await module('b.ts', `${kit}\nexport const a = automation({ on: push() }, async () => {});\n`);
  expect(await problem()).toMatch(/b\.ts:3: "a" is also exported by .*a\.ts:2; names are unique/);
});

test('all problems of all modules are told at once', async () => {
  await module('a.ts', 'export const = 1;\n');
  await module('b.ts', `${kit}export const b = automation({} as never, async () => {});\n`);
  expect(await problem()).toMatch(/a\.ts:1:\d+: .*\n.*b\.ts:2:\d+: automation\(\): "on" is missing/);
});

test('of a module that can not be read no automation is missed', async () => {
  await module('a.ts', `${kit}export const a = automation({ on: push() }, async () => {});\nthrow new Error('no');\n`);
  await module(
    'b.ts',
    `import { automation, completed } from 'hookyard/workflow';
     export const b = automation({ on: completed('a') }, async () => {});\n`,
  );
  const configured = { sources: {}, named: {}, secretsOf: { key: ['a', 'b'] } };
  const error = (await loadCatalog(folder, configured).catch((thrown: unknown) => thrown)) as CatalogError;
  expect(error.problems).toEqual([expect.stringMatching(/a\.ts:3:\d+: no$/)]);
  expect(error.warnings).toEqual([]);
});

test('a module sees nothing of the environment while it is loaded', async () => {
  process.env.CANARY_TOKEN = 'canary';
  await module(
    'a.ts',
    `${kit}throw new Error('seen: ' + (globalThis as { process?: { env: Record<string, string> } }).process?.env.CANARY_TOKEN);\n`,
  );
  expect(await problem()).toContain('seen: undefined');
  delete process.env.CANARY_TOKEN;
});

describe('what modules name', () => {
  const events = ['push', 'pull_request', 'comment'];
  const configured = {
    sources: { github: { events }, shop: { events: ['generic'] }, old: { events: [] } },
    named: {
      'channels.slack': { releases: undefined, unset: '.url' },
      'channels.email': { team: undefined },
      'channels.sms': {},
      endpoints: { partner: undefined },
      builds: { deployer: undefined, tests: undefined },
      mirrors: { backup: undefined },
      secrets: { npm: undefined, empty: '', some: undefined, few: undefined },
      'jobs.container.registries': { ghcr: undefined },
      server: {},
    },
    kindsOfBuilds: { deployer: 'http', tests: 'jenkins' },
  };
  const imports = "import * as kit from 'hookyard/workflow';\nconst { push } = kit;\n";
  /** A module whose automation does all of this, a line each from the fourth on. */
  const doing = (lines: readonly string[]) =>
    `${imports}export const a = kit.automation({ on: push() }, async (event) => {\n${lines.join('\n')}\n});\n`;
  const escaped = (text: string) => text.replace(/[.?()*/]/g, '\\$&');
  const triggers = (all: readonly string[]) =>
    `${imports}export const a = kit.automation({ on: [\n${all.join(',\n')}\n] }, async () => {});\n`;
  /** What is expected of each line, with its place. */
  const told = (all: readonly (readonly [string, string])[]) =>
    all.map(([, words], i) => expect.stringMatching(new RegExp(`a\\.ts:${i + 4}:\\d+: .*${escaped(words)}`)));

  test('stops the start where a trigger waits for what can never come, each with its line', async () => {
    const all = [
      ["push({ sources: ['gihub'] })", 'the source "gihub", which is not configured; did you mean "github"?'],
      ["kit.pullRequest({ sources: ['github', 'elsewhere-of-others'] })", 'add sources.elsewhere-of-others to'],
      ["kit.scope({ source: 'githib', repositories: ['acme/app'] }).push()", '"githib", which is not configured'],
      ["kit.generic({ sources: ['shopp'] })", 'did you mean "shop"?'],
      ["kit.completed('bb')", "completed('bb'), and there is no automation of that name"],
      ["kit.completed('biuld')", 'did you mean "build"?'],
      ["kit.comment({ commands: ['test'] })", 'the command /test, which Hookyard has itself'],
    ] as const;
    await module('a.ts', triggers(all.map(([trigger]) => trigger)));
    await module('b.ts', `${kit}export const build = automation({ on: push() }, async () => {});\n`);
    const error = await loadCatalog(folder, configured).catch((thrown: CatalogError) => thrown);
    const { problems } = error as CatalogError;
    expect(problems).toHaveLength(all.length);
    for (const words of told(all)) expect(problems).toContainEqual(words);
  });

  test('is a warning with its line where a run would fail', async () => {
    const all = [
      ["await kit.notify.slack('relases', 'x');", 'channels.slack.relases is not configured; did you mean "releases"?'],
      ["await kit.notify.slack('unset', 'x');", 'channels.slack.unset.url is not set'],
      ["await kit.notify.email('all', { subject: 's', text: 't' });", 'add channels.email.all to hookyard.config.ts'],
      ["await kit.notify.sms('on-call', 'x');", 'add channels.sms.on-call to hookyard.config.ts'],
      ["await kit.webhook.send('partners', { type: 't', data: 1 });", 'did you mean "partner"?'],
      ["await kit.triggerBuild.http('deploy');", 'builds.deploy is not configured'],
      [
        "await kit.triggerBuild.pipeline(event, 'deployr');",
        'builds.deployr is not configured; did you mean "deployer"?',
      ],
    ] as const;
    const more = [
      ["await kit.sync.mirror(event, 'backups');", 'mirrors.backups is not configured; did you mean "backup"?'],
      ["const env = { A: kit.secret('npn'), };", 'secrets.npn is not configured; did you mean "npm"?'],
      ["const env2 = { A: kit.secret('empty') };", 'secrets.empty is not set'],
      ["await kit.branchHead({ source: 'hub', repository: 'a/b', branch: 'main' });", 'sources.hub is not configured'],
      ["const channel = 'all'; await kit.notify.sms(channel, 'x');", 'channels.sms.all is not configured'],
    ] as const;
    await module('a.ts', doing(all.map(([line]) => line)));
    expect((await loadCatalog(folder, configured)).warnings).toEqual(told(all));
    await module('a.ts', doing(more.map(([line]) => line)));
    expect((await loadCatalog(folder, configured)).warnings).toEqual(told(more));
  });

  test('is a warning wherever a function or an option of a job names it', async () => {
    const all = [
      ["await kit.headOf(event, { source: 'hub', repository: 'a/b', ref: 'main' });", 'sources.hub is not configured'],
      ["await kit.waitFor([push({ sources: ['githb'] })], { of: event, within: 1000 });", 'did you mean "github"?'],
      [
        "const shop = kit.scope({ source: 'githubb' }); await kit.waitFor(shop.tag(), { of: event, within: 1000 });",
        'did you',
      ],
      [
        "const other = kit.scope({ repositories: ['a/b'] }); other.release({ sources: ['gihub'] });",
        'sources.gihub is not',
      ],
      [
        "await kit.runJob(event, { name: 'x', steps: [], runner: { image: 'a', registry: 'ghrc' } });",
        'did you mean "ghcr"?',
      ],
      ["const job = { env: { A: { secret: 'nmp' } } };", 'secrets.nmp is not configured; did you mean "npm"?'],
      [
        "const checkout = { submoduleTokens: { 'a.b': { username: 'u', token: kit.secret('nm') } } };",
        'secrets.nm is not',
      ],
      [
        "await kit.triggerBuild.http('tests');",
        'builds.tests is of the kind jenkins: call triggerBuild.pipeline for it',
      ],
    ] as const;
    const more = [
      ["const id = kit.idToken({ audience: 'aws' });", 'add server.idTokens to hookyard.config.ts'],
      ["const { slack } = kit.notify; await slack('relases', 'x');", 'did you mean "releases"?'],
      ["const send = kit.webhook.send; await send(`partners`, { type: 't', data: 1 });", 'did you mean "partner"?'],
      ["await kit.runJob(event, { name: 'x', steps: [], artifacts: [{ name: 'site', paths: ['a'] }] });", undefined],
      [
        "const needs = [kit.artifact.get('site'), kit.artifact.get('site-20'), kit.artifact.get('sit')];",
        'an artifact "sit"; did you mean "site"?',
      ],
      ["await kit.runJob(event, { name: 'x', steps: [], runner: { image: 'a', registry: 'ghcr' } });", undefined],
      ["await kit.waitFor([push({ sources: ['github'] })], { of: event, within: 1000 });", undefined],
    ] as const;
    const expected = (lines: readonly (readonly [string, string | undefined])[]) =>
      lines.flatMap(([, words], i) =>
        words === undefined ? [] : [expect.stringMatching(new RegExp(`a\\.ts:${i + 4}:\\d+: .*${escaped(words)}`))],
      );
    await module('a.ts', doing(all.map(([line]) => line)));
    expect((await loadCatalog(folder, configured)).warnings).toEqual(expected(all));
    await module('a.ts', doing(more.map(([line]) => line)));
    expect((await loadCatalog(folder, configured)).warnings).toEqual(expected(more));
  });

  test('is a warning where it would end a run, and said once where it is what starts one', async () => {
    await module(
      'a.ts',
      `${imports}export const a = kit.automation({ on: kit.pullRequest(), endOn: kit.comment({ sources: ['gihub'] }) }, async () => {});\n`,
    );
    expect((await loadCatalog(folder, configured)).warnings).toEqual([
      expect.stringMatching(/a\.ts:3:\d+: sources\.gihub is not configured; did you mean "github"\?/),
    ]);
    await module('a.ts', triggers(["push({ sources: ['gihub'] })"]));
    const { problems, warnings } = (await loadCatalog(folder, configured).catch((thrown) => thrown)) as CatalogError;
    expect([problems.length, warnings]).toEqual([1, []]);
  });

  test('is not told of artifacts where a job keeps what is named while the code runs', async () => {
    const keeps = "await kit.runJob(event, { name: 'x', steps: [], artifacts: { name: event.branch, paths: ['a'] } });";
    await module('a.ts', doing([keeps, "const needs = [kit.artifact.get('site')];"]));
    expect((await loadCatalog(folder, configured)).warnings).toEqual([]);
  });

  test('is a warning where a secret is for other automations, with its line and what was probably meant', async () => {
    await module(
      'a.ts',
      [
        "import * as kit from 'hookyard/workflow';",
        "const env = () => ({ A: kit.secret('few') });",
        'export const a = kit.automation({ on: kit.push() }, async (event) => {',
        "  await kit.runJob(event, { name: 'x', steps: ['true'], env: { A: kit.secret('some'), ...env() } });",
        '});',
      ].join('\n'),
    );
    await module(
      'b.ts',
      "import * as kit from 'hookyard/workflow';\nexport const shared1 = kit.automation({ on: kit.push() }, async (event) => {\n  await kit.runJob(event, { name: 'x', steps: ['true'], env: { A: kit.secret('few'), B: kit.secret('some') } });\n});",
    );
    const secretsOf = { some: ['aa', 'deploy-*'], few: ['shared*'] };
    expect((await loadCatalog(folder, { ...configured, secretsOf })).warnings).toEqual([
      expect.stringMatching(/a\.ts:2:\d+: secrets\.few is not for "a": add it to secrets\.few\.automations$/),
      expect.stringMatching(
        /a\.ts:4:\d+: secrets\.some is not for "a": secrets\.some\.automations does not list it, which has "aa"; did you mean "a"\?$/,
      ),
      expect.stringMatching(/b\.ts:3:\d+: secrets\.some is not for "shared1": add it to/),
      'secrets.some.automations: there is no automation "aa"; did you mean "a"?',
    ]);
  });

  test('is no warning where it is there, or known at run time alone', async () => {
    const lines = [
      "await kit.notify.slack('releases', 'x'); await kit.webhook.send('partner', { type: 't', data: 1 });",
      'await kit.notify.slack(event.branch, "x");',
      "const channel = event.branch === 'main' ? 'a' : 'b'; await kit.notify.slack(channel, 'x');",
      "const notify = { slack: async (name: string) => name }; await notify.slack('nosuch');",
      "// await kit.notify.slack('nosuch', 'x');",
      "const text = \"kit.notify.slack('nosuch', 'x')\"; void text;",
    ];
    await module('a.ts', doing(lines));
    expect((await loadCatalog(folder, configured)).warnings).toEqual([]);
  });

  test('is found under another name of the import, and in what modules share, once', async () => {
    await module(
      '_shared.ts',
      "import { notify as tell } from 'hookyard/workflow';\nexport const cry = () =>\n  tell.slack('nosuch', 'x');\n",
    );
    for (const name of ['a', 'b'])
      await module(
        `${name}.ts`,
        `${kit}import { cry } from './_shared.js';\nexport const ${name} = automation({ on: push() }, cry);\n`,
      );
    const { warnings } = await loadCatalog(folder, configured);
    expect(warnings).toEqual([expect.stringMatching(/_shared\.ts:3:\d+: channels\.slack\.nosuch is not configured/)]);
  });

  test('is a warning with its line where a pattern or a label hardly means what it says', async () => {
    const all = [
      ["push({ branches: ['{main, develop}'] })", 'branches: .* has blanks in its braces'],
      ["kit.tag({ tags: ['{v,refs/tags/w}*'] })", 'tags: .* stands for "refs/tags/w.*" too, which can never match'],
      ["kit.pullRequest({ headBranches: ['v\\\\d'] })", 'headBranches: .* patterns are globs'],
      ["kit.pullRequest({ titles: ['^WIP'] })", 'titles: .* patterns are globs'],
      ["kit.pullRequest({ labels: ['bug,fix'], allLabels: ['a*'] })", 'allLabels: "a.*" is taken for a label'],
      ["push({ repositories: ['acme/{app,web.git}'] })", 'did you mean "acme/web"'],
    ] as const;
    await module('a.ts', triggers(all.map(([trigger]) => trigger)));
    const { warnings } = await loadCatalog(folder, configured);
    for (const [i, [, words]] of all.entries())
      expect(warnings).toContainEqual(expect.stringMatching(new RegExp(`a\\.ts:${i + 4}:\\d+: .*${words}`)));
  });

  test('is a warning where no source tells of it, or a path seems to be a folder', async () => {
    const all = [
      ["push({ sources: ['shop'] })", 'the kind push, which the source shop does not send'],
      ["push({ sources: ['old'] })", 'the kind push, which the source old does not send'],
      ["push({ paths: ['docs', '!docs/internal'] })", 'paths: "!docs/internal" '],
      ["push({ paths: ['src/**, package.json'] })", 'did you mean "src/**", "package.json"?'],
      ["push({ paths: ['!src/a.ts,**/b.ts'] })", 'did you mean "!src/a.ts", "!**/b.ts"?'],
      ["push({ paths: ['src\\\\**'] })", 'did you mean "src/**"?'],
    ] as const;
    await module('a.ts', triggers([...all.map(([trigger]) => trigger), 'kit.tag()']));
    const { warnings } = await loadCatalog(folder, configured);
    expect(warnings).toHaveLength(8);
    for (const words of told(all)) expect(warnings).toContainEqual(words);
    expect(warnings).toContainEqual(expect.stringContaining('did you mean "docs/**"?'));
    expect(warnings).toContainEqual(
      expect.stringMatching(/a\.ts:3: .*the kind tag, which no configured source sends: it never runs/),
    );
  });
});

test('a missing folder says what to do', async () => {
  await expect(loadCatalog(join(folder, 'nowhere'))).rejects.toThrow(
    /can't be read \(ENOENT\): create it, or set HOOKYARD_AUTOMATIONS to another folder/,
  );
});
