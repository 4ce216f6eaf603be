import type { Client } from '@temporalio/client';
import type { Cluster } from '../cluster.js';
import { chosen, type Fault, type Scene } from '../fault.js';
import { killed } from '../kinds/process.js';
import { readLedger } from '../ledger.js';

/** One thing that lanes promise, tried on processes of its own. */
export interface LaneTrial {
  readonly what: string;
  readonly servers: number;
  readonly workers: number;
  readonly store: 'sqlite' | 'postgres';
  run(stage: LaneStage): Promise<LaneOutcome>;
}

/** What a trial has to do with. */
export interface LaneStage {
  readonly cluster: Cluster;
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** What it came to, in words, and what was wrong. */
export interface LaneOutcome {
  readonly figure: string;
  readonly problems: readonly string[];
}

const MAX_TOLD = 5;

/** Returns a line for each of the first of some runs. */
export function told(what: string, runs: readonly string[]): readonly string[] {
  const more = runs.length > MAX_TOLD ? [`${what}: ${runs.length - MAX_TOLD} more`] : [];
  return [...runs.slice(0, MAX_TOLD).map((run) => `${what}: ${run}`), ...more];
}

/** Kills a process, which comes back a second later. */
export async function kill({ cluster, wait, say }: LaneStage, name: 'receiver' | 'worker' | 'Temporal', number = 0) {
  const victims = {
    receiver: () => chosen(cluster.servers, number),
    worker: () => chosen(cluster.workers, number),
    Temporal: () => ({ ...cluster.engine, name }),
  };
  const fault: Fault = killed({ name: `${name} ${number + 1}`, seconds: 1 }, victims[name]);
  say(`    ${fault.what}`);
  await fault.run({ cluster, wait, forget: async () => undefined, wentOn: () => undefined } satisfies Scene);
}

/** Returns how Temporal lists runs of an automation: by workflow id, the states of all executions. */
export async function executionsOf(
  { client, source }: Pick<Cluster, 'client' | 'source'>,
  automation: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const query = `HookyardSource = "${source}" AND WorkflowType = "${automation}"`;
  for await (const { workflowId, status } of client.workflow.list({ query, pageSize: 1_000 }))
    found.set(workflowId, [...(found.get(workflowId) ?? []), status.name]);
  return found;
}

/** Returns what is wrong with runs each of which should have run once, to its end. */
export async function notOnce(
  cluster: Cluster,
  automation: string,
  runs: readonly string[],
): Promise<readonly string[]> {
  const executions = await executionsOf(cluster, automation);
  const ledger = await readLedger(cluster.ledger);
  const places = await cluster.books.places();
  const strangers = [...executions.keys()].filter((run) => !runs.includes(run));
  return [
    ...told(
      'did not complete once',
      runs.filter((run) => executions.get(run)?.join() !== 'COMPLETED'),
    ),
    ...told(
      'was executed more than once, by what it wrote down',
      runs.filter((run) => ledger.executions.get(run)?.size !== 1),
    ),
    ...told('was asked for by nobody', strangers),
    ...told(
      'still waits, or was refused',
      places.filter(({ state }) => state === 'waits' || state === 'refused').map(({ run }) => run),
    ),
  ];
}

/** Resolves once a run is there, to how many milliseconds that took; rejects after `withinMs`. */
export async function untilThere(
  client: Client,
  run: string,
  { wait, withinMs }: Pick<LaneStage, 'wait'> & { readonly withinMs: number },
): Promise<number> {
  const since = performance.now();
  while (performance.now() - since < withinMs) {
    const isThere = await client.workflow
      .getHandle(run)
      .describe()
      .then(
        () => true,
        () => false,
      );
    if (isThere) return performance.now() - since;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`${run} had not begun after ${withinMs / 1_000} s`);
}

const LOOK_EVERY_MS = 50;
