import { setTimeout as pass } from 'node:timers/promises';
import { mapAtOnce } from '../../../src/async/at-once.js';
import { push, type Sent, sendPush } from '../../support/harness/send-push.js';
import type { Culprit } from './culprits.js';
import { startSenders } from './senders.js';
import { openStage, type Stage } from './stage.js';

/** What came of one culprit. */
export interface Outcome {
  readonly culprit: Culprit;
  readonly answers: readonly Sent[];
  /** Harmless runs that were promised, and how many of them completed. */
  readonly runs: number;
  readonly completed: number;
  /** How often the worker process ended. */
  readonly deaths: number;
  /** From the culprit's delivery until it was named; undefined if it was not. */
  readonly namedMs: number | undefined;
  /** What is not as it should be, a line each. */
  readonly problems: readonly string[];
  /** What the log said beside a line for each delivery and run. */
  readonly log: readonly string[];
}

const CONNECTIONS = 32;
/** Deliveries a second. */
const RATE = 64;
const WARM_UP_MS = 3_000;
/** Until a culprit is named. */
const NAMED_MS = 240_000;
const LOOK_EVERY_MS = 500;
/** Of quiet load once it is over. */
const AFTER_MS = 5_000;
/** Until one of the other runs completes. */
const COMPLETED_MS = 180_000;
const AT_A_LOOK = 64;
const AT_ONCE = 16;

/** What {@link runCulprit} works with. */
export interface RunCulpritDeps {
  readonly signal: AbortSignal;
  /** Told of each death, and of what is learned from it, while it goes on. */
  readonly say: (line: string) => void;
}

/** Lets one culprit loose on a `hookyard start` under load. Rejects when it is ended early. */
export async function runCulprit(culprit: Culprit, { signal, say }: RunCulpritDeps): Promise<Outcome> {
  const stage = await openStage();
  let told = 0;
  const tell = () => {
    const deaths = stage
      .output()
      .split('\n')
      .filter((line) => OF_DEATHS.test(line));
    for (const line of deaths.slice(told)) say(`  · ${OF_DEATHS.exec(line)?.[0]}`);
    told = deaths.length;
  };
  const wait = async (ms: number) => {
    tell();
    await pass(ms, undefined, { signal });
  };
  const until = async (ms: number, isSo: () => Promise<boolean>): Promise<boolean> => {
    for (const end = performance.now() + ms; performance.now() < end; await wait(LOOK_EVERY_MS))
      if (await isSo().catch(() => false)) return true;
    return false;
  };
  try {
    const workerRuns = async () => (await stage.readiness()).worker === 'runs';
    await until(NAMED_MS, workerRuns);
    const senders = startSenders({ ...stage, connections: CONNECTIONS, rate: RATE });
    try {
      await wait(WARM_UP_MS);
      const began = performance.now();
      const run = await letLoose(culprit, stage);
      const isOver = async () => {
        if (run === undefined) return stage.output().includes(ENDED) && (await workerRuns());
        const isNamed = (await stage.stuckRuns()).runs.some((stuck) => stuck.run === run);
        // One that fails again and again is named before it is set aside.
        return isNamed && (culprit.end !== 'aside' || (await stage.statusOf(run)) === 'terminated');
      };
      const isNamed = await until(NAMED_MS, isOver);
      const namedMs = isNamed ? performance.now() - began : undefined;
      await until(NAMED_MS, workerRuns);
      await wait(AFTER_MS);
      const answers = await senders.stop();
      const promised = answers.flatMap(({ body }) => body.runs ?? []);
      const completed = await countCompleted(promised, { stage, until });
      const deaths = stage.output().split(ENDED).length - 1;
      const problems = [
        ...(answers.every(({ status }) => status === 202) ? [] : ['not every answer was 202']),
        ...(promised.length > 0 && completed === promised.length ? [] : ['not every other run completed']),
        ...(isNamed ? [] : [`nothing came of it within ${NAMED_MS / 1_000} s`]),
        ...(await wronglyNamed(culprit, { stage, run })),
      ];
      const log = stage
        .output()
        .split('\n')
        .filter((line) => !/"msg":"(delivery|run)"/.test(line));
      return { culprit, answers, runs: promised.length, completed, deaths, namedMs, problems, log };
    } finally {
      await senders.stop();
    }
  } finally {
    await stage.close();
  }
}

/** What the log says of each end of the worker process. */
const ENDED = 'the worker process ended and is started again';

/** What the log says of a death, and of what was learned from it. */
const OF_DEATHS = /a worker process died[^"]*|the worker process ended[^"]*|set aside[^"]*/;

/** Returns the run that does the harm; undefined where no run does. */
async function letLoose({ name }: Culprit, stage: Stage): Promise<string | undefined> {
  if (name === 'segv') {
    process.kill(stage.workerPid() ?? 0, 'SIGSEGV');
    return undefined;
  }
  const { body } = await sendPush(stage.url, { ...stage, branch: name, body: push(name) });
  const [run] = body.runs ?? [];
  if (run === undefined) throw new Error(`no run was promised for ${name}`);
  return run;
}

/** Waits for them as long as one after the other completes. */
async function countCompleted(
  promised: readonly string[],
  { stage, until }: { stage: Stage; until: (ms: number, isSo: () => Promise<boolean>) => Promise<boolean> },
): Promise<number> {
  let left = promised;
  const someComplete = async () => {
    // The oldest: to ask for all of them again and again would be a load of its own.
    const asked = left.slice(0, AT_A_LOOK);
    const statuses = await mapAtOnce(asked, AT_ONCE, stage.statusOf);
    const completed = new Set(asked.filter((_, i) => statuses[i] === 'completed'));
    left = left.filter((run) => !completed.has(run));
    return completed.size > 0;
  };
  while (left.length > 0 && (await until(COMPLETED_MS, someComplete)));
  return promised.length - left.length;
}

/** Holds what is listed at the end, as a program and as a person gets it, against what should be. */
async function wronglyNamed(
  { end }: Culprit,
  { stage, run }: { stage: Stage; run: string | undefined },
): Promise<string[]> {
  const { runs } = await stage.stuckRuns();
  const printed = await stage.printedStuck();
  const others = runs
    .filter((stuck) => stuck.run !== run)
    .map((stuck) => `it names ${stuck.run} too: ${stuck.because}`);
  if (run === undefined) return others;
  const wanted = end === 'aside' ? 'terminated' : 'running';
  const status = await stage.statusOf(run);
  return [
    ...others,
    ...(printed.includes(run) ? [] : ['hookyard runs --stuck does not name it']),
    ...(status === wanted ? [] : [`the run is ${status}, not ${wanted}`]),
  ];
}
