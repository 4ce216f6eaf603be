/** A small generator of numbers in [0, 1), so that a seed repeats a run (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ODD = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  0.1,
  '',
  'x',
  '\u0000',
  '\ud800',
  '../..',
  '$(id)',
  '-x',
  'a\nb',
  '<b>',
  '{{x}}',
  [],
  {},
  [[[[]]]],
  'é'.repeat(5_000),
  '12345678901234567890',
  '0'.repeat(40),
  'refs/heads/main',
];

/** The body with a few of its fields dropped, moved, retyped or made hostile; sometimes as broken bytes. */
export function mutate(body: unknown, random: () => number): Buffer {
  const copy = structuredClone(body);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let n = Math.floor(random() * 4); n >= 0; n--) change(copy, random, pick);
  let text = JSON.stringify(random() < 0.03 ? pick(ODD) : copy) ?? 'null';
  const how = random();
  if (how < 0.03) text = text.slice(0, Math.floor(random() * text.length));
  else if (how < 0.05)
    text = text.replace('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},');
  else if (how < 0.06) text = `${'['.repeat(5_000)}${text}${']'.repeat(5_000)}`;
  else if (how < 0.07) text = text.replace('{', '{"id":1,"id":2,"action":"opened","action":"closed",');
  const bytes = Buffer.from(text);
  if (how > 0.97 && bytes.length > 0) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

function change(value: unknown, random: () => number, pick: <T>(list: readonly T[]) => T): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  const keys = Object.keys(holder);
  if (keys.length === 0) return;
  const key = pick(keys);
  if (random() < 0.6) change(holder[key], random, pick);
  else if (random() < 0.3) delete holder[key];
  else holder[key] = structuredClone(pick(ODD));
}
