import { useAround } from '../../context.js';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A time, as how long ago it was; what it points at says when, in UTC. `at`: Unix ms, or ISO 8601. */
export function Time({ at }: { readonly at: number | string }) {
  const { now } = useAround();
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <span>{String(at)}</span>;
  return (
    <time dateTime={time.toISOString()} title={inUtc(time)}>
      {inWords(now - time.getTime())}
    </time>
  );
}

/** A time as how long ago it was and as when it was, for those too who can't point at it. `at`: Unix ms, or ISO 8601. */
export function Moment({ at }: { readonly at: number | string }) {
  const time = new Date(at);
  return (
    <>
      <Time at={at} />
      {!Number.isNaN(time.getTime()) && <span class="dim">, {inUtc(time)}</span>}
    </>
  );
}

function inUtc(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** How long something took or takes. `ms`: whole milliseconds. */
export function Duration({ ms }: { readonly ms: number }) {
  return <span class="num">{lengthOf(ms)}</span>;
}

function inWords(ms: number): string {
  if (Math.abs(ms) < 1_000) return 'now';
  return ms > 0 ? `${roughly(ms)} ago` : `in ${roughly(-ms)}`;
}

/** Of ten minutes, hours or days nobody asks for the seconds, minutes or hours. */
function roughly(ms: number): string {
  const [count, unit, ...rest] = lengthOf(ms).split(' ');
  return [count, unit, ...(Number(count) >= 10 ? [] : rest)].join(' ');
}

/**
 * Returns a length of time in its two largest units: `3 min 20 s`, `2 d 4 h`; below ten seconds with a digit: `4.2 s`, and what that would
 * call nothing, in milliseconds.
 */
export function lengthOf(ms: number): string {
  if (ms > 0 && ms < 100) return `${Math.ceil(ms)} ms`;
  if (ms < 10_000) return `${Math.max(0, Math.floor(ms / 100) / 10)} s`;
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[first] ?? UNITS[3];
  const [lesser, lesserSize] = UNITS[first + 1] ?? [];
  const rest = lesserSize === undefined ? 0 : Math.floor((ms % size) / lesserSize);
  return `${Math.floor(ms / size)} ${unit}${rest > 0 && lesser ? ` ${rest} ${lesser}` : ''}`;
}
