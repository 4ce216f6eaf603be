import type { Client } from '@temporalio/client';
import { mapAtOnce } from '../async/at-once.js';
import { type Backoff, backoffMs } from '../async/backoff.js';
import { createWakeup } from '../async/wakeup.js';
import { DEFAULT_LIMIT } from '../lanes/concurrency.js';
import type { Logger } from '../log.js';
import { allNotBegun } from '../store/all-not-begun.js';
import type { Lanes } from '../store/store.js';
import type { Automation } from '../triggers/automation.js';
import { hasEnded } from './has-ended.js';

/** What {@link createLaneKeeper} works with. */
export interface LaneKeeperDeps {
  readonly lanes: Pick<Lanes, 'leave' | 'toAskAbout' | 'setLimit' | 'notBegun' | 'takeOut' | 'letDue'>;
  readonly client: Client;
  readonly log: Logger;
  /** Called when somebody was let on: a dispatch is due. */
  readonly letOn: () => void;
  /**
   * Whether no other process runs automations, so that one which this one does not know is gone. Beside others, of which some may
   * have newer code, nobody can say so: such a run begins, and is told to be stuck.
   */
  readonly isAlone?: boolean;
  /** How often those are asked about for whom others wait, in milliseconds. */
  readonly everyMs?: number;
}

/**
 * Takes runs out of their lanes once they have ended. A slot is held by a run that is open, and by nothing else: a run that
 * was terminated, has timed out, or is gone with its Temporal frees it as one does that ends by itself.
 */
export interface LaneKeeper {
  /** Says that a run is about to end: it is asked about at once, until it has. */
  ends(workflowId: string): void;
  /** Has the limits that automations say now count for all who wait already, and refuses those whose automation is gone. */
  limit(automations: readonly Automation[]): void;
  start(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

const EVERY_MS = 3_000;
/** How often it is looked, at least, whether anybody has waited for more of the same for long enough. */
const DUE_MS = 1_000;
const DEADLINE_MS = 5_000;
const AT_ONCE = 16;
const PAGE = 100;
/** Runs of which it is known that they end; beyond that they are found when somebody waits for them. */
const MAX_ENDING = 2_000;
/** The end of a run is in Temporal some milliseconds after its last act. */
const FIRST_LOOK: Backoff = { firstMs: 10, maxMs: 1_000 };
/** After so many looks the run waits for something else, and is found as any other. */
const MAX_LOOKS = 12;

/** Returns a keeper that has not begun. */
export function createLaneKeeper(deps: LaneKeeperDeps): LaneKeeper {
  const { lanes, client, log, everyMs = EVERY_MS } = deps;
  const wakeup = createWakeup();
  /** By workflow id, how often it was looked at, and when it is looked at again by the process's clock. */
  const ending = new Map<string, { looks: number; at: number }>();
  /** What the code says, until the store has it. */
  let limited: readonly Automation[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  /** When those are looked at that wait for more of the same, by the process's clock. */
  let dueAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  let running: Promise<void> | undefined;

  /** Asks about runs, takes those out that have ended, and returns them. A run that can't be asked about stays. */
  const look = async (workflowIds: readonly string[]): Promise<readonly string[]> => {
    if (workflowIds.length === 0) return [];
    const answers = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      mapAtOnce(workflowIds, AT_ONCE, (id) => hasEnded(client, id).catch(() => false)),
    );
    const ended = workflowIds.filter((_, i) => answers[i]);
    if (ended.length > 0 && (await lanes.leave(ended))) deps.letOn();
    return ended;
  };
  const lookAtEnding = async () => {
    const now = performance.now();
    const due = [...ending].filter(([, { at }]) => at <= now).map(([id]) => id);
    const ended = new Set(await look(due));
    for (const id of due) {
      const { looks } = ending.get(id) ?? { looks: MAX_LOOKS };
      if (ended.has(id) || looks + 1 >= MAX_LOOKS) ending.delete(id);
      else ending.set(id, { looks: looks + 1, at: performance.now() + backoffMs(looks + 1, FIRST_LOOK) });
    }
  };
  const lookAtHolders = async () => {
    if (performance.now() - askedAt < everyMs) return;
    askedAt = performance.now();
    const before = Date.now() - everyMs;
    for (let isFull = true; isFull && !stopping; ) {
      const holders = await lanes.toAskAbout({ limit: PAGE, before });
      isFull = holders.length === PAGE;
      const ended = await look(holders.map(({ workflowId }) => workflowId));
      for (const run of ended) log.info({ run }, 'a run had ended without saying so: its lane goes on');
      if (isFull) await lookAtEnding();
    }
  };
  const lookAtDue = async () => {
    if (performance.now() < dueAt) return;
    const { hasLetOn, nextMs = DUE_MS } = await lanes.letDue();
    dueAt = performance.now() + Math.min(nextMs, DUE_MS);
    if (hasLetOn) deps.letOn();
  };
  const setLimits = async () => {
    const automations = limited;
    for (const { name: automation, concurrency = [] } of automations)
      for (const { group, limit = DEFAULT_LIMIT } of concurrency)
        if (await lanes.setLimit({ automation, group, limit })) deps.letOn();
    if (deps.isAlone && automations.length > 0) await refuseGone(automations);
    if (limited === automations) limited = [];
  };
  const refuseGone = async (automations: readonly Automation[]) => {
    const names = new Set(automations.map(({ name }) => name));
    for await (const { workflowId, automation } of allNotBegun(lanes, {})) {
      if (names.has(automation)) continue;
      await lanes.takeOut({ workflowId, because: `there is no automation ${automation} any more` });
    }
  };
  const run = async () => {
    let failures = 0;
    while (!stopping) {
      try {
        await setLimits();
        await lookAtDue();
        await lookAtEnding();
        await lookAtHolders();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1)
          log.warn({ err: error }, 'lanes are not looked after: the store or Temporal does not answer');
        await wakeup.wait(backoffMs(failures, { firstMs: 500, maxMs: 5_000 }));
      }
      const next = Math.min(askedAt + everyMs, dueAt, ...[...ending.values()].map(({ at }) => at));
      if (!stopping) await wakeup.wait(Math.max(1, next - performance.now()));
    }
  };

  return {
    ends(workflowId) {
      if (ending.size >= MAX_ENDING) return;
      ending.set(workflowId, { looks: 0, at: performance.now() + FIRST_LOOK.firstMs });
      wakeup.notify();
    },
    limit(automations) {
      limited = automations;
      wakeup.notify();
    },
    start() {
      running ??= run();
    },
    async stop() {
      stopping = true;
      wakeup.notify();
      await running;
    },
  };
}
