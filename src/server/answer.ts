import { describe } from '../events/accessors.js';
import type { Acceptance, NewDelivery } from '../store/store.js';
import { asksForRun, type Verdict } from '../triggers/verdict.js';
import type { JsonAnswer } from './http/send-json.js';

type Told = Pick<NewDelivery, 'id' | 'events' | 'ignored' | 'verdicts'>;

/** What the sender is told once its delivery is on disk. A repeat is told what the first one was. */
export function toAnswer(delivery: Told, acceptance: Acceptance): JsonAnswer {
  const told = acceptance.stored ? delivery : acceptance.first;
  const runs = runsOf(told.verdicts);
  const ignored = told.ignored ?? (runs.length === 0 ? 'no automation matched' : undefined);
  return {
    status: 202,
    headers: { 'x-hookyard-delivery': told.id },
    body: {
      delivery: told.id,
      ...(!acceptance.stored && { duplicate: true, repeats: acceptance.repeats }),
      ...(told.events.length > 0 && { event: told.events.map(describe).join('; ') }),
      ...(ignored && { ignored }),
      ...toldVerdicts(told.verdicts),
      runs,
    },
  };
}

/** The answer, with the id of the trace that the delivery belongs to. */
export function withTrace(answer: JsonAnswer, traceId: string): JsonAnswer {
  return { ...answer, headers: { ...answer.headers, 'x-hookyard-trace': traceId } };
}

/** Workflow ids of the runs that verdicts ask for. */
export function runsOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(asksForRun).map(({ workflowId }) => workflowId);
}

/** Providers show the answer to people, who have no use for hundreds of lines; `hookyard explain` has all of them. */
const MAX_FILTERED = 30;

function toldVerdicts(verdicts: readonly Verdict[]): { verdicts: object[]; filtered?: number } {
  const starting = verdicts.filter(asksForRun);
  const filtered = verdicts.length - starting.length;
  if (filtered <= MAX_FILTERED) return { verdicts: verdicts.map(toldVerdict) };
  return { verdicts: starting.map(toldVerdict), filtered };
}

function toldVerdict(verdict: Verdict) {
  const { automation, outcome, because } = verdict;
  return { automation, outcome, because, ...(asksForRun(verdict) && { run: verdict.workflowId }) };
}
