import { describe } from '../events/describe.js';
import { leftOutInWords, refsLeftOutOf } from '../events/refs-left-out.js';
import type { Accepted } from '../intake/accept.js';
import { asksForRun, type Verdict } from '../triggers/verdict.js';
import type { AnsweredVerdict, DeliveryAnswer } from './api/contract.js';
import type { JsonAnswer } from './http/send-json.js';
import type { Outcome } from './outcome.js';

/** Returns the outcome of a delivery that is on disk. A repeat is answered with what the first one was. */
export function acceptedOutcome(accepted: Accepted): Outcome {
  const { kept, repeats } = accepted;
  const runs = runsOf(kept.verdicts);
  const ignored = kept.ignored ?? (runs.length === 0 ? NO_MATCH : undefined);
  const leftOut = leftOutInWords(refsLeftOutOf(kept.events));
  const body: DeliveryAnswer = {
    delivery: kept.id,
    ...(repeats && { duplicate: true, repeats }),
    ...(kept.events.length > 0 && { event: kept.events.map(describe).join('; ') }),
    ...(ignored && { ignored }),
    ...(leftOut && { leftOut }),
    ...answeredVerdicts(kept.verdicts),
    runs,
  };
  return { ...whatBecame(accepted), answer: { status: 202, headers: { 'x-hookyard-delivery': kept.id }, body } };
}

const NO_MATCH = 'no automation matched';

function whatBecame({ kept, repeats }: Accepted): Pick<Outcome, 'kind' | 'because'> {
  if (repeats) return { kind: 'duplicate', because: `the same ${repeats} was received before` };
  if (kept.ignored) return { kind: 'ignored', because: kept.ignored };
  const started = kept.verdicts.find(asksForRun);
  return started ? { kind: 'stored', because: started.because } : { kind: 'ignored', because: NO_MATCH };
}

/** Adds the id of the trace that the delivery belongs to. */
export function withTrace(answer: JsonAnswer, traceId: string): JsonAnswer {
  return { ...answer, headers: { ...answer.headers, 'x-hookyard-trace': traceId } };
}

/** Returns the workflow ids of the runs that verdicts ask for. */
export function runsOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(asksForRun).map(({ workflowId }) => workflowId);
}

/** Providers show the answer to people, who have no use for hundreds of lines; `hookyard explain` has all of them. */
const MAX_FILTERED = 30;

function answeredVerdicts(verdicts: readonly Verdict[]): Pick<DeliveryAnswer, 'verdicts' | 'filtered'> {
  const starting = verdicts.filter(asksForRun);
  const filtered = verdicts.length - starting.length;
  if (filtered <= MAX_FILTERED) return { verdicts: verdicts.map(answeredVerdict) };
  return { verdicts: starting.map(answeredVerdict), filtered };
}

function answeredVerdict(verdict: Verdict): AnsweredVerdict {
  const { automation, outcome, because } = verdict;
  return { automation, outcome, because, ...(asksForRun(verdict) && { run: verdict.workflowId }) };
}
