import { repositoryOf } from '../events/accessors.js';
import { refsLeftOutOf } from '../events/refs-left-out.js';
import type { Logger } from '../log.js';
import type { NewDelivery } from '../store/store.js';
import { runsOf } from './accepted-outcome.js';
import type { Outcome, OutcomeKind } from './outcome.js';

/** What the one log line of a request says; each step of receiving adds what it has learnt. */
export interface DeliveryLine {
  source?: string;
  delivery?: string;
  key?: string;
  /** The provider's name for it. */
  event?: string;
  action?: string;
  repository?: string;
  bytes?: number;
  /** It was verified and kept, but nobody knows what it says. */
  unreadable?: true;
  /** The first workflow ids. */
  runs?: readonly string[];
  started?: number;
  filtered?: number;
  /** Refs of a push that were not read, because it told of too many. */
  refsLeftOut?: number;
}

const levels = {
  stored: 'info',
  duplicate: 'info',
  ignored: 'info',
  limited: 'warn',
  refused: 'warn',
  unavailable: 'error',
  failed: 'error',
} as const satisfies Record<OutcomeKind, string>;

const MAX_RUNS = 20;

/** Adds what a stored delivery says; for a repeat, what the first one says. */
export function noteVerdicts(line: DeliveryLine, stored: Pick<NewDelivery, 'id' | 'events' | 'verdicts'>): void {
  const runs = runsOf(stored.verdicts);
  line.delivery = stored.id;
  const [event] = stored.events;
  const repository = event && repositoryOf(event);
  if (repository) line.repository = repository.fullName;
  if (event && 'action' in event) line.action = event.action;
  line.runs = runs.slice(0, MAX_RUNS);
  line.started = runs.length;
  line.filtered = stored.verdicts.length - runs.length;
  const refsLeftOut = refsLeftOutOf(stored.events);
  if (refsLeftOut > 0) line.refsLeftOut = refsLeftOut;
}

/** Writes the line. It has the same keys for every delivery, whatever became of it. */
export function logDelivery(log: Logger, line: DeliveryLine, { kind, answer, because, err, ms }: Finished): void {
  const end = { outcome: kind, status: answer.status, because, ms: Math.round(ms * 10) / 10 };
  log[levels[kind]]({ ...line, ...end, ...(err !== undefined && { err }) }, 'delivery');
}

type Finished = Outcome & { readonly ms: number };
