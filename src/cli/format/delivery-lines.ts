import { describe } from '../../events/describe.js';
import { leftOutInWords, refsLeftOutOf } from '../../events/refs-left-out.js';
import { waitWords } from '../../lanes/queue-words.js';
import type { ShownDelivery, ShownDispatch } from '../../server/api/contract.js';
import type { GivenTo } from '../../store/store.js';
import { counted } from './counted.js';
import { diffLines } from './diff-lines.js';
import { field } from './field.js';
import { harmless, paint } from './paint.js';
import { stateLines } from './state-lines.js';
import { verdictLines } from './verdict-lines.js';

const NOT_KEPT = ', which are not kept any more (inbox.keepLargeBodiesDays)';

/** Formats all that is known of a delivery: what it said, its verdicts, and its runs. */
export function deliveryLines(delivery: ShownDelivery): string[] {
  const { id, receivedAt, eventName, source, bodyBytes, bodyDeleted, verifiedBy, key, events, ignored } = delivery;
  const received = `${new Date(receivedAt).toISOString()} as "${harmless(eventName)}" of source ${source}`;
  const leftOut = leftOutInWords(refsLeftOutOf(events));
  const made = events[0]?.edited;
  const scheme = verifiedBy?.replaceAll('`', '') ?? 'a source that is not configured any more';
  return [
    field('Delivery', id, 'bold'),
    field('Received', `${received}, ${counted(bodyBytes, 'byte')}${bodyDeleted ? NOT_KEPT : ''}`),
    ...(eventName === 'manual' || made ? [] : [field('Verified', `by ${harmless(scheme)}`)]),
    ...(made ? [field('Edited', `by ${harmless(made.by)} from ${made.from}: no provider has sent or signed it`)] : []),
    field('Key', harmless(key)),
    ...events.map((event) => field('Says', harmless(describe(event)))),
    ...(leftOut ? [field('Left out', leftOut)] : []),
    ...(ignored ? [field('Ignored', harmless(ignored))] : []),
    ...(delivery.verdicts.length > 0 ? ['Verdicts', ...verdictLines(delivery.verdicts)] : []),
    ...(delivery.dispatches.length > 0 ? ['Runs', ...delivery.dispatches.flatMap(runLines)] : []),
    ...(delivery.given ? ['Handed to', ...delivery.given.flatMap(givenLines)] : []),
    ...(delivery.diff ? diffLines(delivery.diff) : []),
  ];
}

function givenLines({ workflowId, title, ends }: GivenTo): string[] {
  const how = ends ? 'which ends by it' : `which waited for ${title}`;
  return [`  ${harmless(workflowId)}`, `    ${harmless(how)}`];
}

function runLines(dispatch: ShownDispatch): string[] {
  const { workflowId, state, error, run } = dispatch;
  return [
    `  ${harmless(workflowId)}`,
    `    ${stateOf(dispatch)}`,
    ...(error && state !== 'done' ? [`    ${harmless(error)}`] : []),
    ...stateLines(workflowId, run).map((line) => `    ${line}`),
  ];
}

function stateOf({ state, attempts, run, place, until, supersededBy = '', because = '' }: ShownDispatch): string {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  switch (state) {
    case 'pending':
      return `waits to be started${attempts > 0 ? `, ${counted(attempts, 'attempt')} so far` : ''}`;
    case 'failed':
      return `${paint('red', 'could not be started')}${tries}`;
    case 'done':
      return `started${tries}; ${run.status}${run.outcome && run.outcome !== run.status ? `: ${run.outcome}` : ''}`;
    case 'waiting':
      return waitWords({ place, until });
    case 'superseded':
      return `superseded before it began by ${harmless(supersededBy)}`;
    case 'refused':
      return `never begins: ${harmless(because)}`;
    default:
      return state satisfies never;
  }
}
