import { continueAsNew, sleep } from '@temporalio/workflow';
import {
  automation,
  branchHead,
  changeOf,
  completed,
  manual,
  matrix,
  notify,
  outcome,
  pullRequest,
  push,
  report,
  runJob,
  sync,
  triggerBuild,
  webhook,
} from 'hookyard/workflow';

const main = () => branchHead({ source: 'github', repository: 'acme/app', branch: 'main' });
const note = (key: string, data: unknown) => sync.upsert('notes', key, data, { version: 1 });
const file = { file: 'string' } as const;

/** Passes at the third try: what it counts lies outside of its workspace. */
export const flaky = automation({ on: manual({ inputs: file }) }, async (event) => {
  const steps = ['echo "$HOOKYARD_COMMIT" >> "$COUNTER"', 'test "$(wc -l < "$COUNTER")" -ge 3'];
  const job = { name: 'flaky', steps, env: { COUNTER: event.inputs.file }, attempts: 3 };
  const { passed, tries } = await runJob(await main(), job);
  await note(`flaky ${event.deliveryId}`, { passed, tries });
});

export const afterFlaky = automation({ on: completed('flaky') }, async (event) => {
  await note(`after ${event.run}`, { outcome: event.outcome });
});

export const hopeless = automation({ on: manual() }, async () => {
  await runJob(await main(), { name: 'hopeless', steps: ['exit 7'], attempts: 2 });
});

export const misnumbered = automation({ on: manual() }, async () => {
  await runJob(await main(), { name: 'misnumbered', steps: ['true'], attempts: 0 });
});

export const misspelt = automation({ on: manual() }, async () => {
  await runJob(await main(), { name: 'misspelt', steps: ['true'], attempt: 3 } as never);
});

export const misspeltBuild = automation({ on: manual() }, async () => {
  await triggerBuild.http('nowhere', { param: { target: 'production' } } as never);
});

export const misspeltPipeline = automation({ on: manual() }, async () => {
  await triggerBuild.pipeline((await main()) as never, 'nowhere', { parameter: { target: 'production' } } as never);
});

export const misspeltStatus = automation({ on: manual() }, async () => {
  const told = { state: 'success', description: 'fine', contexts: 'size' } as const;
  await report.status((await main()) as never, told as never);
});

export const misspeltChange = automation({ on: manual() }, async () => {
  await changeOf({ passed: true }, { names: 'unit' } as never);
});

export const misspeltMail = automation({ on: manual() }, async () => {
  await notify.email('team', { subject: 'broken', body: 'main is broken' } as never);
});

export const wordless = automation({ on: manual() }, async () => {
  await notify.slack('builds', undefined as never);
});

export const typeless = automation({ on: manual() }, async () => {
  await webhook.send('partner', { data: { tag: 'v1' } } as never);
});

export const branchless = automation({ on: manual() }, async () => {
  await branchHead({ source: 'github', repository: 'acme/app' } as never);
});

export const listless = automation({ on: manual() }, async () => {
  await runJob(await main(), { name: 'listless', steps: 'npm test' } as never);
});

/** Of two results under one name, the last decides; of two jobs at once, both do. */
export const oneAfterOther = automation({ on: manual() }, async () => {
  const head = await main();
  await runJob(head, { name: 'test', steps: ['exit 1'] });
  await runJob(head, { name: 'test', steps: ['true'] });
});

export const atOnce = automation({ on: manual() }, async () => {
  const head = await main();
  await Promise.all([
    runJob(head, { name: 'test', steps: ['exit 1'] }),
    runJob(head, { name: 'test', steps: ['true'] }),
  ]);
});

export const forgives = automation({ on: manual() }, async () => {
  await runJob(await main(), { name: 'browser', steps: ['exit 1'] });
  outcome('passed', 'the browser tests do not count yet');
});

export const afterForgives = automation({ on: completed('forgives') }, async (event) => {
  await note(`after ${event.run}`, { outcome: event.outcome });
});

export const strict = automation({ on: manual() }, async () => {
  outcome('passed', 'for now');
  await runJob(await main(), { name: 'fast', steps: ['true'] });
  outcome('failed', 'it took too long');
});

export const grid = automation({ on: manual() }, async (event) => {
  const head = await main();
  let [atWork, most] = [0, 0];
  const result = await matrix(
    { node: [20, 24], os: ['linux', 'mac'] },
    async (m) => {
      most = Math.max(most, ++atWork);
      const env = { NODE: String(m.node), OS: m.os };
      const job = await runJob(head, { name: 'test', steps: ['echo "$NODE on $OS"'], env });
      atWork -= 1;
      return job;
    },
    { limit: 2, exclude: [{ node: 20, os: 'mac' }], include: [{ node: 26, os: 'mac' }] },
  );
  const cells = result.cells.map((one) => [one.cell.node, one.cell.os, one.outcome]);
  await note(`grid ${event.deliveryId}`, { passed: result.passed, cells, most });
});

/** Cells that begin a job and do not wait for it, which does not pass in the second. */
export const unawaited = automation({ on: manual() }, async (event) => {
  const head = await main();
  const result = await matrix(
    { cell: [1, 2] },
    async (m) => {
      void runJob(head, { name: 'test', steps: ['sleep 0.3', `exit ${m.cell - 1}`] });
    },
    { failFast: false },
  );
  await note(`unawaited ${event.deliveryId}`, [result.passed, ...result.cells.map(({ outcome: how }) => how)]);
});

const failing = (name: string, options: { failFast?: boolean; limit?: number; status?: 'each' | 'one' }) =>
  automation({ on: manual() }, async (event) => {
    const head = await main();
    const { passed, cells } = await matrix(
      { cell: [1, 2, 3, 4] },
      (m) =>
        runJob(head, {
          name: 'test',
          steps: ['[ "$CELL" = 2 ] && [ "$WAITS" = true ] && sleep 300; [ "$CELL" != 1 ]'],
          env: { CELL: String(m.cell), WAITS: String(options.failFast !== false) },
        }),
      options,
    );
    await note(`${name} ${event.deliveryId}`, {
      passed,
      cells: cells.map((one) => (one.outcome === 'cancelled' ? `cancelled: ${one.because}` : one.outcome)),
    });
  });

export const failsFast = failing('failsFast', { limit: 2 });
export const failsOn = failing('failsOn', { failFast: false, status: 'one' });

/** A job that only the first cell has, and two that all have. With a limit above 1 cells that are not red go on until they are stopped. */
export const someCells = automation({ on: manual({ inputs: { red: 'number', limit: 'number' } }) }, async (event) => {
  const { red, limit } = event.inputs;
  const head = await main();
  const run = async ({ cell }: { readonly cell: number }) => {
    const steps = cell === red ? ['sleep 2', 'exit 1'] : limit > 1 ? ['sleep 300'] : ['true'];
    if (cell === 1) await runJob(head, { name: 'lint', steps: ['true'] });
    const { passed } = await runJob(head, { name: 'build', steps });
    return passed ? runJob(head, { name: 'test', steps: ['true'] }) : { passed };
  };
  await matrix({ cell: [1, 2, 3, 4] }, run, { limit });
});

/** Of the cells that pass, one begins no job, and one has a job of its own after those of all. */
export const ownJobs = automation({ on: manual({ inputs: { idle: 'number', own: 'number' } }) }, async (event) => {
  const { idle, own } = event.inputs;
  const head = await main();
  const run = async ({ cell }: { readonly cell: number }) => {
    if (cell === idle) return { passed: true };
    const { passed } = await runJob(head, { name: 'build', steps: [cell === 3 ? 'exit 1' : 'true'] });
    return passed && cell === own ? runJob(head, { name: 'deploy', steps: ['true'] }) : { passed };
  };
  await matrix({ cell: [1, 2, 3, 4] }, run, { limit: 1 });
});

export const throwsUp = automation({ on: manual() }, async () => {
  const head = await main();
  await matrix({ cell: [1, 2] }, async (m) => {
    if (m.cell === 2) throw new Error('the author did not think of this');
    return runJob(head, { name: 'test', steps: ['sleep 300'] });
  });
});

export const tells = automation({ on: [push(), pullRequest({ forks: true })] }, async (event) => {
  const passed = event.kind === 'push' && event.commit.message !== 'bad';
  const change = await changeOf({ passed });
  const where = event.kind === 'push' ? event.branch : `#${event.pullRequest.number}`;
  if (change) await notify.slack('ops', `${where} is ${change}`);
});

/** Cells that return nothing of how their jobs went, but for what they say themselves. */
export const silent = automation({ on: manual() }, async (event) => {
  const head = await main();
  const steps = ['[ "$CELL" != 1 ]'];
  const job = (cell: number) => runJob(head, { name: 'test', steps, env: { CELL: String(cell) } });
  const says = await matrix({ cell: [1, 2] }, async (m) => void (await job(m.cell)), { failFast: false });
  const both = await matrix({ cell: [1, 2] }, (m) => Promise.all([job(m.cell), job(2)]), { limit: 1 });
  const pardons = await matrix({ cell: [1] }, async (m) => ({ ...(await job(m.cell)), passed: true }));
  const outcomes = [says, both, pardons].map(({ passed, cells }) => [passed, ...cells.map((one) => one.outcome)]);
  await note(`silent ${event.deliveryId}`, outcomes);
});

export const mistyped = automation({ on: manual() }, async () => {
  await matrix({ cell: [1] }, async () => ({ passed: true }), { failfast: false } as object);
});

/** Tells of each cell what has changed. */
export const tellsCells = automation({ on: manual() }, async (event) => {
  const { cells } = await matrix(
    { cell: ['good', 'bad'] },
    async (m) => ({ change: await changeOf({ passed: m.cell === 'good' }) }),
    { limit: 1 },
  );
  await note(
    `tellsCells ${event.deliveryId}`,
    cells.map((one) => (one.outcome === 'passed' ? (one.result.change ?? 'none') : one.outcome)),
  );
});

export const tables = automation({ on: pullRequest({ titles: ['Table**'] }) }, async (event) => {
  const isSecondPart = 'part' in event;
  if (!isSecondPart) await report.table(event);
  const head = await main();
  if (event.pullRequest.title === 'Table in parts') {
    await runJob(head, { name: isSecondPart ? 'second' : 'first', steps: [isSecondPart ? 'true' : 'exit 1'] });
    await runJob(head, { name: isSecondPart ? 'third' : 'fine', steps: ['true'] });
    if (!isSecondPart) await continueAsNew({ ...event, part: 2 });
    return;
  }
  await runJob(head, { name: 'unit', steps: ['true'] });
  await runJob(head, { name: 'style', steps: [{ name: '| `x` <b> @all', run: 'exit 1' }] });
  if (event.pullRequest.title === 'Table of an error') throw new Error('the author did not think of this');
});

/** Its tests tell at once what fails: only at the last try is that the last word. */
export const flakyTests = automation({ on: manual({ inputs: file }) }, async (event) => {
  const run =
    'echo x >> "$COUNTER"; if [ "$(wc -l < "$COUNTER")" -ge 2 ]; then echo "ok 1 - adds"; else echo "not ok 1 - adds"; fi; echo 1..1';
  const steps = [{ name: 'unit', run, tests: 'tap' }];
  await runJob(await main(), { name: 'flakyTests', steps, env: { COUNTER: event.inputs.file }, attempts: 2 });
});

/** Begins what throws before it has a step of its own, and does not wait for it. */
export const unbegun = automation({ on: manual({ inputs: { what: 'string' } }) }, async (event) => {
  const head = await main();
  const steps = ['true'];
  const begin: Record<string, () => unknown> = {
    option: () => runJob(head, { name: 'test', steps, attempts: 0 }),
    step: () => runJob(head, { name: 'test', steps: [{ name: 'x', run: 'true', ifs: 'always' } as never] }),
    name: () => runJob(head, { name: 'not a name', steps }),
    head: () => runJob({ ...event, kind: 'release', tag: 'gone', source: 'github' } as never, { name: 'test', steps }),
    axes: () => matrix({ cell: [] }, async () => undefined),
    cell: () =>
      matrix({ cell: [1] }, async () => {
        throw new Error('the author did not think of this');
      }),
    'job in a cell': () => matrix({ cell: [1] }, async () => void runJob(head, { name: 'test', steps, attempts: 0 })),
  };
  void begin[event.inputs.what]?.();
  await runJob(head, { name: 'fine', steps });
});

/** A cell that throws, or is cancelled, though a job that it has begun goes on. */
export const leaves = automation({ on: manual({ inputs: { failFast: 'boolean' } }) }, async (event) => {
  const head = await main();
  const cleans = { name: 'clean', run: 'sleep 0.5; echo cleaned', if: 'always' } as const;
  const ended: string[] = [];
  const first = event.inputs.failFast ? 'sleep 300' : 'true';
  const begin = (name: string, cell: number) =>
    runJob(head, { name, steps: [first, cleans] }).finally(() => ended.push(`${name} ${cell}`));
  const run = async ({ cell }: { readonly cell: number }) => {
    begin('left', cell).catch(() => undefined);
    if (cell === 2) return begin('waits', cell);
    await sleep(3_000);
    throw new Error('the author did not think of this');
  };
  const because = await matrix({ cell: [1, 2] }, run, { failFast: event.inputs.failFast }).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
  await note(`leaves ${event.deliveryId}`, { because, ended: ended.sort() });
});
