import type { RunStatistics, ShownAutomation } from '../../server/api/contract.js';
import { counted } from './counted.js';
import { field } from './field.js';
import { harmless, paint } from './paint.js';

/** Formats an automation: what starts it, how its last runs went, and when it starts next. `now`: Unix ms. */
export function automationLines({ name, triggers, recent, schedules = [] }: ShownAutomation, now: number): string[] {
  const next = schedules.flatMap((schedule) => schedule.next).sort()[0];
  return [
    paint('bold', harmless(name)),
    ...triggers.map((words) => field('  On', harmless(words))),
    ...(recent ? statisticsLines(recent) : []),
    ...(next === undefined || Date.parse(next) < now ? [] : [field('  Next', whenOf(next))]),
  ];
}

function statisticsLines({ last, counted: all, passed, p50Ms, open }: RunStatistics): string[] {
  const style = last?.outcome === 'passed' ? 'green' : 'red';
  return [
    ...(last?.endedAt === undefined
      ? []
      : [field('  Last', `${last.outcome ?? last.status}, ${whenOf(last.endedAt)}`, style)]),
    ...(all === 0
      ? []
      : [field('  Passed', `${passed} of ${counted(all, 'run')}, half of them within ${secondsOf(p50Ms ?? 0)} s`)]),
    ...(open === 0 ? [] : [field('  Open', counted(open, 'run'))]),
  ];
}

function secondsOf(ms: number): string {
  return ms < 10_000 ? (ms / 1_000).toFixed(1) : String(Math.round(ms / 1_000));
}

function whenOf(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
