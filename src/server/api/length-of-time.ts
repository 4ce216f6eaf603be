const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The form of a length of time: `30m`, `2h`, `3d`. */
export const LENGTH_OF_TIME = /^[1-9]\d{0,3}[smhd]$/;

/** Returns a length of time in milliseconds; undefined for a text of another form. */
export function msOf(text: string): number | undefined {
  return LENGTH_OF_TIME.test(text) ? Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 0) : undefined;
}
