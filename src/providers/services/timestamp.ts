/**
 * Returns whether a header's Unix seconds are within the tolerance of `now` (Unix ms). Too new is as wrong as too old:
 * a captured request must not stay valid.
 */
export function isTimely(
  seconds: string | undefined,
  { now, toleranceSeconds }: { now: number; toleranceSeconds: number },
): boolean {
  if (!seconds || !/^\d{1,12}$/.test(seconds)) return false;
  return Math.abs(now / 1000 - Number(seconds)) <= toleranceSeconds;
}
