import type { LedToRun, RetriedActivity, RunState, ShownApproval, ShownWait } from '../../server/api/contract.js';
import { calledHere, typedHere } from './called-here.js';
import { counted } from './counted.js';
import { harmless, paint } from './paint.js';
import { typedWord } from './typed-word.js';

/** Formats what there is to say of a run beside its status: what it waits for, what went wrong, what it has led to, its page. */
export function stateLines(run: string, state: RunState): string[] {
  const { waitsForApproval, waitsForAway, waitsFor = [], retried = [], error, troubles = [], ledTo = [], url } = state;
  const { outcome, because } = state;
  const depths = new Map([[run, 0]]);
  return [
    ...(waitsForApproval
      ? [`waits for approval of ${waitsForApproval}: ${calledHere()} approve ${typedWord(run)}`]
      : []),
    ...(state.approvals ?? []).map((approval) => harmless(approvalInWords(run, approval))),
    ...(waitsForAway ? [`waits for what is away, and goes on by itself: ${harmless(waitsForAway)}`] : []),
    ...waitsFor.map((wait) => harmless(waitInWords(wait))),
    ...retried.map((activity) => harmless(retriedInWords(activity))),
    ...(because ? [`${outcome}: ${harmless(typedHere(because))}`] : []),
    ...(error ? typedHere(error).split('\n').map(harmless) : []),
    ...troubles.map((trouble) => `${paint('red', 'not done')}  ${harmless(trouble)}`),
    ...ledTo.map((led) => {
      const depth = depths.get(led.by) ?? 0;
      depths.set(led.run, depth + 1);
      return `${'  '.repeat(depth)}led to ${harmless(ledInWords(led))}`;
    }),
    ...(url ? [url] : []),
  ];
}

function approvalInWords(run: string, { name, state, by, quorum, given, because }: ShownApproval): string {
  const who = given.map(({ login }) => login).join(', ');
  if (state === 'open') {
    const count = quorum === 1 ? '' : ` (${given.length} of ${quorum}${who && `: ${who}`})`;
    return `waits for approval of ${name} by ${by}${count}: ${calledHere()} approve ${typedWord(run)} ${typedWord(name)}`;
  }
  const said = because ?? (state === 'approved' ? `by ${who}` : '');
  return `approval of ${name}: ${state}${said && `, ${said}`}`;
}

function waitInWords({ title, until, ends }: ShownWait): string {
  if (ends || until === undefined) return `ends by ${title}`;
  return `waits for ${title} until ${minuteOf(until)}`;
}

function retriedInWords({ activity, attempts, error, next }: RetriedActivity): string {
  const again = next === undefined ? 'is tried again now' : `is tried again at ${minuteOf(next)}`;
  return `${activity} has failed ${attempts === 1 ? 'once' : counted(attempts, 'time')}, and ${again}: ${error}`;
}

function ledInWords({ run, status, outcome }: LedToRun): string {
  return `${run}: ${status}${outcome && outcome !== status ? `: ${outcome}` : ''}`;
}

function minuteOf(time: number | string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
