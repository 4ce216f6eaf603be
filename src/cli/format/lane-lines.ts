import type { LaneEntryRecord, LaneRecord } from '../../store/store.js';
import { field } from './field.js';
import { harmless, paint } from './paint.js';

/** Formats a lane: who has a slot, who stepped aside, and who waits, the next first. */
export function laneLines(lane: LaneRecord, now: number): string[] {
  const { title, mode, by, reason, entries } = lane;
  const waits = entries.filter(({ state }) => state === 'waits');
  return [
    paint('bold', harmless(title)),
    ...(mode === 'open'
      ? []
      : [field('  Held', harmless(`${mode} by ${by ?? 'somebody'}${reason ? `: ${reason}` : ''}`), 'yellow')]),
    ...entries.flatMap((entry) => entryLines(entry, { place: waits.indexOf(entry) + 1, now })),
    ...(entries.length === 0 ? ['  nobody is in it'] : []),
  ];
}

function entryLines(entry: LaneEntryRecord, { place, now }: { place: number; now: number }): string[] {
  const { workflowId, since, changedAt, endsFor, movedBy, moveReason, until } = entry;
  const words = {
    runs: `runs since ${agoOf(changedAt, now)}`,
    aside:
      until === undefined
        ? `waits for a person since ${agoOf(changedAt, now)}, and keeps its place`
        : `waits for more of the same for ${agoOf(2 * now - until, now)}`,
    waits: `${place}. waits since ${agoOf(since, now)}`,
  }[entry.state];
  return [
    `  ${harmless(workflowId)}`,
    `    ${words}`,
    ...(endsFor ? [`    was told to end for ${harmless(endsFor)}`] : []),
    ...(movedBy ? [harmless(`    put ahead by ${movedBy}${moveReason ? `: ${moveReason}` : ''}`)] : []),
  ];
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

function agoOf(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  const [unit, size] = UNITS.find(([, least]) => seconds >= 2 * least) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}
