import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  Activities,
  ReconcilePageResult,
  ReconcileTarget,
  SweepResult,
} from '../../../src/activities/contract/index.js';
import { loadCatalog } from '../../../src/catalog/load.js';
import { packageRoot } from '../../../src/paths.js';
import { bundleWorkflows } from '../../../src/worker/bundle.js';
import { installRuntime } from '../../../src/worker/runtime.js';
import type { ReconcileResult } from '../../../src/workflows/built-in/reconcile.js';
import { tempFolder } from '../../support/temp-folder.js';
import { temporalAddress, testClient, unique } from '../../support/temporal.js';

type Reconcile = Pick<Activities, 'findReconcileTargets' | 'reconcilePage' | 'sweepRepository'>;

const taskQueue = unique('pass');
const NOTHING = { seen: 0, missing: 0, redelivered: 0, taken: 0, refused: 0 };
const PAGE: ReconcilePageResult = { ...NOTHING, seen: 1, hooks: 1 };
const SWEEP: SweepResult = { ...NOTHING, seen: 1, suspects: [] };

/** By source, what its activities do. */
const passes = new Map<string, Partial<Reconcile> & { targets: readonly ReconcileTarget[] }>();
let client: Awaited<ReturnType<typeof testClient>>;
let connection: NativeConnection;
let worker: Worker;
let working: Promise<void>;
let folder: string;

beforeAll(async () => {
  folder = await tempFolder('pass');
  installRuntime(pino({ enabled: false }));
  client = await testClient();
  connection = await NativeConnection.connect({ address: temporalAddress() });
  const activities: Reconcile = {
    findReconcileTargets: async ({ source }) => ({ targets: passes.get(source)?.targets ?? [], settleMs: 1 }),
    reconcilePage: async (input) => passes.get(input.source)?.reconcilePage?.(input) ?? PAGE,
    sweepRepository: async (input) => passes.get(input.source)?.sweepRepository?.(input) ?? SWEEP,
  };
  worker = await Worker.create({
    connection,
    taskQueue,
    activities: { ...activities },
    workflowBundle: await bundleWorkflows(
      await loadCatalog(join(packageRoot, 'test/activities/reconcile/automations')),
      folder,
    ),
  });
  working = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await working;
  await connection?.close();
  await client?.close();
});

async function pass(does: Partial<Reconcile> & { targets: readonly ReconcileTarget[] }): Promise<ReconcileResult> {
  const source = unique('source');
  passes.set(source, does);
  const args = [{ source }];
  return client.workflow.execute('hookyardReconcile', { taskQueue, workflowId: unique('pass'), args });
}

const states = (...names: string[]) => names.map((name) => ({ kind: 'state', name }) as const);
const lists = (...names: string[]) => names.map((name) => ({ kind: 'repository', name }) as const);

/** Trouble that would be tried again, and is not: the provider names a time beyond what is waited for. */
function away(): never {
  throw ApplicationFailure.create({ message: 'the provider answered 503', nextRetryDelay: '3 hours' });
}

test('what fails for good is told, and what is behind it is looked at all the same', async () => {
  const swept: string[] = [];
  const result = await pass({
    targets: states('acme/a', 'acme/broken', 'acme/b', 'acme/worse', 'acme/c'),
    async sweepRepository({ repository }) {
      if (repository === 'acme/broken' || repository === 'acme/worse') away();
      swept.push(repository);
      return SWEEP;
    },
  });
  expect(swept).toEqual(['acme/a', 'acme/b', 'acme/c']);
  expect(result).toMatchObject({ outcome: 'failed', seen: 3 });
  expect(result.troubles).toEqual([
    'state acme/broken: the provider answered 503',
    'state acme/worse: the provider answered 503',
  ]);
});

test('after three failures in a row the rest is left, and refusals are no failures', async () => {
  const asked = new Set<string>();
  const refusing = new Set(['acme/no', 'acme/neither', 'acme/nor']);
  const result = await pass({
    targets: states('acme/no', 'acme/neither', 'acme/nor', 'acme/1', 'acme/2', 'acme/3', 'acme/4'),
    async sweepRepository({ repository }) {
      asked.add(repository);
      if (refusing.has(repository)) throw ApplicationFailure.nonRetryable('not allowed', 'Refused');
      return away();
    },
  });
  expect([...asked]).toEqual([...refusing, 'acme/1', 'acme/2', 'acme/3']);
  expect(result.troubles).toHaveLength(7);
  expect(result.troubles.at(-1)).toMatch(/^the rest: left for the next look/);
});

test('what a sweep or a page could not look at is told once', async () => {
  const result = await pass({
    targets: [...states('acme/swept'), ...lists('acme/listed')],
    sweepRepository: async () => ({ ...SWEEP, trouble: 'it has more branches than are read' }),
    reconcilePage: async ({ cursor }) => ({
      ...NOTHING,
      ...(cursor === undefined ? { hooks: 1, next: 'more' } : {}),
      troubles: ['hook 7: GitLab sends nothing'],
    }),
  });
  expect(result).toMatchObject({
    outcome: 'failed',
    troubles: [
      'acme/swept: it has more branches than are read',
      'repository acme/listed: hook 7: GitLab sends nothing',
    ],
  });
});

test.each([
  ['none leads here', [0, 0], 1],
  ['one leads here', [0, 1], 0],
])('hooks in several places are reported only if none leads here: %s', async (_, hooks, troubles) => {
  const result = await pass({
    targets: lists('0', '1'),
    reconcilePage: async ({ target }) => ({
      ...NOTHING,
      hooks: hooks['name' in target ? Number(target.name) : 0] ?? 0,
    }),
  });
  expect(result.troubles).toHaveLength(troubles);
});
