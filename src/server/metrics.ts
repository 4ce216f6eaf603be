import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Inbox } from '../store/store.js';
import { OUTCOME_KINDS, type OutcomeKind } from './outcome.js';
import { recentBacklog } from './recent-backlog.js';

/** The receiver's Prometheus metrics. Labels hold names from the configuration and outcomes, never text from payloads. */
export interface ReceiverMetrics {
  /** Returns the text that a scrape gets. */
  expose(): Promise<string>;
  /** Counts a delivery that was answered; `source` is undefined if it is not configured. */
  delivery(of: {
    source: string | undefined;
    outcome: OutcomeKind;
    ms: number;
    /** Of its body, as far as it was read. */
    bytes: number;
    unreadable?: true;
    refsLeftOut?: number;
  }): void;
}

/** In seconds. */
const ANSWER_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Creates the metrics, those of the process included; a scrape asks the inbox for its backlog. The deliveries of `sources` are
 * counted from zero, with each outcome: Prometheus sees a counter rise only where it was there before.
 */
export function createReceiverMetrics({
  inbox,
  sources = [],
}: {
  inbox: Pick<Inbox, 'backlog'>;
  sources?: readonly string[];
}): ReceiverMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const deliveries = new Counter({
    name: 'hookyard_deliveries_total',
    help: 'Requests to /webhooks, by configured source and by what became of them.',
    labelNames: ['source', 'outcome'],
    registers,
  });
  for (const source of sources) for (const outcome of OUTCOME_KINDS) deliveries.inc({ source, outcome }, 0);
  const unreadables = new Counter({
    name: 'hookyard_unreadable_deliveries_total',
    help: 'Verified deliveries that could not be read, and were kept and ignored, by configured source.',
    labelNames: ['source'],
    registers,
  });
  const leftOut = new Counter({
    name: 'hookyard_refs_left_out_total',
    help: 'Refs that were not read, because one delivery told of too many, by configured source.',
    labelNames: ['source'],
    registers,
  });
  const kept = new Counter({
    name: 'hookyard_stored_body_bytes_total',
    help: 'Bytes of the bodies that were stored, by configured source: what the store grows by, mostly.',
    labelNames: ['source'],
    registers,
  });
  const answers = new Histogram({
    name: 'hookyard_acknowledgement_seconds',
    help: 'From the first byte of a delivery to its answer.',
    buckets: ANSWER_BUCKETS,
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const pending = gauge('hookyard_inbox_pending', 'Starts and signals that wait for Temporal.');
  const failed = gauge(
    'hookyard_inbox_failed',
    'Starts that failed for good and were not asked for again; see hookyard deliveries --failed.',
  );
  const failedSignals = gauge(
    'hookyard_inbox_failed_signals',
    'Signals that failed for good, such as answers of builds, until they are pruned; the log tells of each.',
  );
  const inLanes = gauge('hookyard_lanes_waiting', 'Runs that wait in lanes for other runs, and not for Temporal.');
  const longestInLanes = gauge(
    'hookyard_lanes_longest_seconds',
    'For how long a run has waited for its turn in a lane that nobody has paused; 0 if none does.',
  );
  const refusedByLanes = gauge(
    'hookyard_lanes_refused',
    'Runs that lanes have refused within the last hour, since too many waited in them already.',
  );
  const oldest = gauge('hookyard_inbox_oldest_seconds', 'Age of the oldest start that waits; 0 if none does.');
  return {
    async expose() {
      const backlog = await recentBacklog(inbox).catch(() => undefined);
      // Of a store that does not answer, the depth is not known: an old value would look as if all is well.
      for (const each of [pending, failed, failedSignals, inLanes, longestInLanes, refusedByLanes, oldest])
        each.reset();
      pending.set(backlog?.pending ?? Number.NaN);
      failed.set(backlog?.failed ?? Number.NaN);
      failedSignals.set(backlog?.failedSignals ?? Number.NaN);
      inLanes.set(backlog?.waiting ?? Number.NaN);
      refusedByLanes.set(backlog ? (backlog.refused ?? 0) : Number.NaN);
      longestInLanes.set(backlog ? secondsSince(backlog.longestWaiting) : Number.NaN);
      oldest.set(backlog ? secondsSince(backlog.oldest) : Number.NaN);
      return registry.metrics();
    },
    delivery({ source, outcome, ms, bytes, unreadable, refsLeftOut }) {
      if (unreadable) unreadables.inc({ source: source ?? 'unknown' });
      if (refsLeftOut) leftOut.inc({ source: source ?? 'unknown' }, refsLeftOut);
      if (outcome === 'stored' || outcome === 'ignored') kept.inc({ source: source ?? 'unknown' }, bytes);
      deliveries.inc({ source: source ?? 'unknown', outcome });
      answers.observe(ms / 1_000);
    },
  };
}

/** Returns how long ago something was; 0 where there is nothing. `at`: Unix ms. */
function secondsSince(at: number | undefined): number {
  return at === undefined ? 0 : (Date.now() - at) / 1_000;
}
