import { setTimeout as pass } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { mapAtOnce } from '../../src/async/at-once.js';
import type { Cluster } from './cluster.js';
import { type Account, account, type Execution } from './count.js';
import { createDraw } from './draw.js';
import type { Fault, Scene } from './fault.js';
import { readLedger } from './ledger.js';
import { type Load, startLoad } from './load.js';
import { readLogsFromNow } from './logs.js';
import type { Member } from './member.js';

export interface TrialOptions {
  readonly cluster: Cluster;
  readonly seed: number;
  /** Deliveries a second. */
  readonly rate: number;
  /** Faults one after the other, until there are no more. */
  readonly faults: Iterable<Fault>;
  /** Milliseconds of quiet load before each. */
  readonly restMs: number;
  /** Whether everything is counted after each fault, with the load held for that time, and not at the end alone. */
  readonly countEach: boolean;
  readonly say: (line: string) => void;
  /** Ends the trial early; nothing is counted any more. */
  readonly signal?: AbortSignal;
}

export interface Outcome extends Account {
  readonly refusals: ReadonlyMap<number, number>;
  /** From each kill of a worker until all runs had ended that were open then, in milliseconds. */
  readonly wentOnMs: readonly number[];
}

/**
 * A start that a killed server had in hand is due again after 30 s, a killed worker's step after 10 s and a retry. On a
 * busy machine, minutes of load wait by then.
 */
const SETTLE_MS = 300_000;
const LOOK_EVERY_MS = 500;
const AT_ONCE = 16;
const LAST_LINES = 5;

/** Does one fault after the other under a steady load, and counts what came of it. Rejects when it is ended early. */
export async function runTrial({ cluster, faults, say, signal, ...options }: TrialOptions): Promise<Outcome> {
  const wait = (ms: number) => pass(ms, undefined, signal && { signal });
  const load = startLoad({
    ...options,
    urls: cluster.servers.map(({ url }) => url),
    secret: cluster.secret,
    source: cluster.source,
    draw: createDraw(options.seed + 1),
  });
  const members = [...cluster.servers, ...cluster.workers];
  const memory = createMemory(cluster);
  const problems: string[] = [];
  const wentOnMs: number[] = [];
  const wentOn: Scene['wentOn'] = ({ runs, ms, all }) => {
    wentOnMs.push(ms);
    const seconds = (ms / 1_000).toFixed(1);
    say(`    the ${runs} runs that were open ${all ? 'had ended' : 'had not all ended'} ${seconds} s later`);
    if (!all) problems.push(`runs of a killed worker had not gone on after ${seconds} s`);
  };
  const look = async () => {
    await load.pause();
    await untilSettled(cluster, wait);
    const counted = account(await gather(cluster, { load, memory }));
    problems.push(...counted.problems);
    say(inOneLine(counted));
    return counted;
  };
  try {
    for (const fault of faults) {
      await wait(options.restMs);
      say(`· ${fault.what}`);
      const logs = readLogsFromNow(members);
      await fault.run({ cluster, wait, forget: memory.forget, wentOn });
      await wait(options.restMs);
      if (options.countEach) await look();
      for (const line of logs.told()) say(`    log: ${line}`);
      const off = [...logs.problems(fault), ...missing(members)];
      for (const line of off) say(`  ✗ ${line}`);
      problems.push(...off);
      if (options.countEach) load.resume();
    }
    const { counts } = await look();
    return { counts, problems: [...new Set(problems)], refusals: load.refusals, wentOnMs };
  } finally {
    await load.stop();
  }
}

/**
 * Nothing waits, in the inbox or in a lane, no run is open, and Temporal lists all that it has; or the time for that is
 * over, which the count then shows.
 */
export async function untilSettled(
  { books, client, source }: Pick<Cluster, 'books' | 'client' | 'source'>,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  const isSettled = async () => {
    const starts = await books.starts();
    if (starts.some(({ state }) => state === 'pending')) return false;
    if ((await books.places()).some(({ state }) => state === 'waits')) return false;
    const open = await client.workflow.count(`HookyardSource = "${source}" AND ExecutionStatus = "Running"`);
    if (open.count !== 0) return false;
    const started = starts.flatMap(({ run, state }) => (state === 'done' ? [run] : []));
    return areListed({ client, source }, started);
  };
  // Twice: Temporal's list is written a moment after the fact.
  for (let seen = 0; seen < 2 && performance.now() < until; ) {
    seen = (await isSettled().catch(() => false)) ? seen + 1 : 0;
    await wait(LOOK_EVERY_MS);
  }
}

/** Returns whether Temporal lists each of these runs that it has: its list is behind, by seconds on a busy machine. */
async function areListed(
  { client, source }: Pick<Cluster, 'client' | 'source'>,
  runs: readonly string[],
): Promise<boolean> {
  const listed = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query: `HookyardSource = "${source}"`, pageSize: 1_000 }))
    listed.add(workflowId);
  const missing = runs.filter((run) => !listed.has(run));
  return !(await mapAtOnce(missing, AT_ONCE, (run) => isThere(client, run))).includes(true);
}

/** A run that has gone with Temporal's database is not, and no list will have it. */
function isThere(client: Client, run: string): Promise<boolean> {
  return client.workflow
    .getHandle(run)
    .describe()
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      },
    );
}

interface Memory {
  readonly forgotten: Set<string>;
  readonly uncertain: Set<string>;
  forget(pending: readonly { readonly run: string; readonly attempts: number }[]): Promise<void>;
}

function createMemory({ books }: Cluster): Memory {
  const forgotten = new Set<string>();
  const uncertain = new Set<string>();
  return {
    forgotten,
    uncertain,
    async forget(pending) {
      for (const { run, state } of await books.starts()) if (state === 'done') forgotten.add(run);
      for (const { run, attempts } of pending) if (attempts > 0) uncertain.add(run);
    },
  };
}

async function gather(cluster: Cluster, { load, memory }: { load: Load; memory: Memory }) {
  const executions: Execution[] = [];
  for await (const { workflowId: run, runId, status, startTime, closeTime } of cluster.client.workflow.list({
    query: `HookyardSource = "${cluster.source}"`,
    pageSize: 1_000,
  }))
    executions.push({
      ...{ run, runId, status: status.name, from: startTime.getTime() },
      to: closeTime?.getTime() ?? Number.POSITIVE_INFINITY,
    });
  return {
    sent: load.sent,
    source: cluster.source,
    executions,
    ledger: await readLedger(cluster.ledger),
    starts: await cluster.books.starts(),
    places: await cluster.books.places(),
    forgotten: memory.forgotten,
    uncertain: memory.uncertain,
  };
}

/** With the last that each of them said. */
function missing(members: readonly Pick<Member, 'name' | 'isAsMeant' | 'output'>[]): string[] {
  return members
    .filter((member) => !member.isAsMeant())
    .map(
      ({ name, output }) =>
        `${name} has ended by itself: ${output().trimEnd().split('\n').slice(-LAST_LINES).join(' ⏎ ')}`,
    );
}

/** The counts as a person reads them. */
export function inOneLine({ counts }: Account): string {
  const { sent, answered, expected, found, ...bad } = counts;
  const rest = Object.entries(bad).map(([name, count]) => `${name} ${count}`);
  return `  sent ${sent}, answered ${answered}, runs expected ${expected}, found ${found}, ${rest.join(', ')}`;
}
