import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/load.js';
import { packageRoot } from '../../src/paths.js';
import { bundleWorkflows } from '../../src/worker/bundle.js';
import { installRuntime } from '../../src/worker/runtime.js';
import { tempFolder } from '../support/temp-folder.js';

/**
 * Runs that versions 2da359e, ae25961, 9e35e21 and ec9bf52 began go on with this code. Their histories were recorded on a Temporal
 * server: by the first, of runs, gates, commands and reconciling; by the second, of lanes and outcomes; by the third, of jobs step by
 * step; by the fourth, of a cell whose build was tried again. Each
 * kind of run is there once for each course that it took, finished, failed, cancelled, begun anew on another worker, and open (one
 * waits for approval, others in lanes that they entered from inside, two sleep for a month, one has a step at work). Host names,
 * addresses, paths and stack traces were replaced; nothing of them takes part in a replay. `automations/` holds what those runs were
 * runs of.
 */
interface Recorded {
  readonly workflowId: string;
  readonly type: string;
  readonly status: string;
  readonly history: unknown;
}

const here = join(packageRoot, 'test/compat');
let histories: readonly Recorded[];
let folder: string;
let workflowBundle: Awaited<ReturnType<typeof bundleWorkflows>>;
let failures: ReadonlyMap<string, string>;

beforeAll(async () => {
  installRuntime(pino({ level: 'silent' }));
  histories = (
    await Promise.all(['histories', 'histories-lanes', 'histories-steps', 'histories-cells'].map(readRecorded))
  ).flat();
  folder = await tempFolder('compat');
  workflowBundle = await bundleWorkflows(await loadCatalog(join(here, 'automations')), folder);
  failures = await replay(histories);
});

async function readRecorded(name: string): Promise<readonly Recorded[]> {
  return JSON.parse(gunzipSync(await readFile(join(here, `${name}.json.gz`))).toString('utf8'));
}

/** Replays histories on this code's bundle. Returns what failed, by workflow id, in the SDK's words. */
async function replay(recorded: readonly Recorded[]): Promise<Map<string, string>> {
  const all = recorded.map(({ workflowId, history }) => ({ workflowId, history: historyFromJSON(history) }));
  const failed = new Map<string, string>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, all))
    if (error) failed.set(workflowId, error.message);
  return failed;
}

test('the recorded runs of the version before are of every kind: builds, gates, approvals, chains, commands, schedules, reconciling, lanes', () => {
  const types = new Set(histories.map(({ type }) => type));
  for (const type of [
    'ci',
    'everything',
    'waiting',
    'sleeper',
    'nightly',
    'ship',
    'hookyardCommands',
    'hookyardReconcile',
    'queued',
    'hookyardClosed',
    'stepped',
    'brokenSteps',
    'endlessSteps',
    'resumedSteps',
    'retried',
  ])
    expect(types).toContain(type);
  expect(histories.filter(({ status }) => status === 'RUNNING').map(({ type }) => type)).toEqual(
    // All but the first two and the last but one wait in lanes, or sleep.
    expect.arrayContaining([
      'ci',
      'sleeper',
      'afterwards',
      'asking',
      'keptNewest',
      'dozing',
      'endlessSteps',
      'retried',
    ]),
  );
});

test('a replay tells code that does something else from code that does the same', async () => {
  const [finished] = histories.filter(({ type, status }) => type === 'red' && status === 'COMPLETED');
  if (!finished) throw new Error('there is no such history');
  const altered = JSON.parse(JSON.stringify(finished).replaceAll('"runJob"', '"runJobs"'));
  expect([...(await replay([altered])).values()]).toEqual([expect.stringContaining('runJob')]);
});

test('the recorded runs of the version before all go on with this code', () => {
  expect(Object.fromEntries(failures)).toEqual({});
});

test.each([
  { type: 'served', kind: 'HttpBuild' },
  { type: 'dispatched', kind: 'GithubRun' },
])(
  'a run of version 86fd5371 that has triggered builds at once, $kind among them, waits for them in the same order',
  async (built) => {
    const [recorded] = histories.filter(({ type }) => type === 'retried');
    if (!recorded) throw new Error('there is no such history');
    expect(Object.fromEntries(await replay([{ ...recorded, history: builtAtOnce(recorded, built) }]))).toEqual({});
  },
);

interface Events {
  readonly events: readonly {
    readonly eventId: string;
    readonly activityTaskScheduledEventAttributes?: { readonly activityType: { name: string } };
  }[];
}

/**
 * Returns what that version has recorded where a pipeline was triggered first and another build second, and both answers came in one
 * task: the second was waited for first. Made of the recorded run that has triggered two builds of one kind so.
 */
function builtAtOnce({ history }: Recorded, { type, kind }: { type: string; kind: string }): Events {
  const { events } = JSON.parse(JSON.stringify(history).replaceAll('"retried"', JSON.stringify(type))) as Events;
  const called = ['triggerCiBuild', `trigger${kind}`, `await${kind}`, 'awaitCiBuild'];
  const begun = events.slice(0, 17);
  for (const { activityTaskScheduledEventAttributes: of } of begun) if (of) of.activityType.name = called.shift() ?? '';
  return { events: begun };
}
