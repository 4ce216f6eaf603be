import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import type { Difference, Differences } from '../contract.js';
import { hidden } from '../hidden.js';

/** What is counted, and not shown, beyond so many. */
const MAX_SHOWN = 200;
/** Values that are looked at: of two bodies that have more, only the beginnings are compared. */
const MAX_VALUES = 200_000;
/** What lies deeper is compared as a whole. */
const MAX_DEPTH = 40;
/** In characters, of a value. */
const MAX_VALUE = 300;
/** In characters, of a path. */
const MAX_PATH = 500;

/** Fields by which the objects of a list are known, the first that each of them has and no two share. */
const NAMES = ['id', 'sha', 'node_id', 'uuid', 'number', 'key', 'login', 'username', 'name', 'path', 'filename'];

type Fields = Readonly<Record<string, unknown>>;

/** A place in both values, or in one of them: `undefined` is what is not there. JSON has none. */
interface Place {
  readonly path: string;
  /** Of the field that it is the value of. */
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly depth: number;
}

/**
 * Returns what differs between two values of JSON, field by field, without the secrets that are known. Of a list whose objects have
 * names, those of one name are compared, wherever they stand; of a list of plain values, what is only in one; of others, what stands
 * at the same place. Lets the event loop do other work in between.
 */
export async function differencesOf(before: unknown, after: unknown): Promise<Differences> {
  const shown: Difference[] = [];
  let more = 0;
  const steps = walk({ path: '', name: '', before, after, depth: 0 });
  await mapInTurns(first(MAX_VALUES, steps), (place) => {
    if (place === undefined) return;
    if (shown.length < MAX_SHOWN) shown.push(asShown(place));
    else more++;
  });
  const isCut = steps.next().done !== true;
  return { shown, ...(more > 0 && { more }), ...(isCut && { isCut: true as const }) };
}

/** Yields as many as that, and leaves the rest where it is. */
function* first<T>(most: number, all: Iterator<T>): Generator<T> {
  for (let count = 0; count < most; count++) {
    const { done, value } = all.next();
    if (done) return;
    yield value;
  }
}

/** Yields the places that differ, and `undefined` for each step on the way. */
function* walk(place: Place): Generator<Place | undefined> {
  const { before, after, depth } = place;
  yield undefined;
  if (Object.is(before, after)) return;
  const isDeep = depth >= MAX_DEPTH;
  if (!isDeep && Array.isArray(before) && Array.isArray(after)) yield* walkLists(place, before, after);
  else if (!isDeep && isFields(before) && isFields(after)) yield* walkFields(place, before, after);
  else if (textOf(before) !== textOf(after)) yield place;
}

function* walkFields(place: Place, before: Fields, after: Fields): Generator<Place | undefined> {
  for (const name of Object.keys(before)) yield* walk(within(place, name, before[name], ownValue(after, name)));
  for (const name of Object.keys(after))
    if (!Object.hasOwn(before, name)) yield within(place, name, undefined, after[name]);
}

function* walkLists(place: Place, before: readonly unknown[], after: readonly unknown[]): Generator<Place | undefined> {
  const all = [...before, ...after];
  if (all.every((one) => typeof one !== 'object' || one === null)) return yield* walkValues(place, before, after);
  const name = all.every(isFields) ? NAMES.find((field) => isName(field, before) && isName(field, after)) : undefined;
  if (name === undefined) {
    const length = Math.max(before.length, after.length);
    for (let at = 0; at < length; at++) yield* walk(inList(place, String(at), before[at], after[at]));
    return;
  }
  const named = new Map(after.map((one) => [(one as Fields)[name], one]));
  for (const one of before) {
    const key = (one as Fields)[name];
    yield* walk(inList(place, `${name}=${String(key)}`, one, named.get(key)));
    named.delete(key);
  }
  for (const [key, one] of named) yield inList(place, `${name}=${String(key)}`, undefined, one);
}

/** Of plain values it counts how often each is there; where only their order differs, that is what is told. */
function* walkValues(
  place: Place,
  before: readonly unknown[],
  after: readonly unknown[],
): Generator<Place | undefined> {
  const counts = new Map<unknown, number>();
  for (const [list, one] of [[before, -1] as const, [after, 1] as const])
    for (const value of list) {
      counts.set(value, (counts.get(value) ?? 0) + one);
      yield undefined;
    }
  let isOrder = true;
  for (const [value, count] of counts) {
    yield undefined;
    if (count === 0) continue;
    isOrder = false;
    const at = inList(place, '', count < 0 ? value : undefined, count > 0 ? value : undefined);
    for (let times = 0; times < Math.abs(count); times++) yield at;
  }
  if (isOrder && before.some((value, at) => !Object.is(value, after[at]))) yield place;
}

function isName(field: string, list: readonly unknown[]): boolean {
  const names = new Set<unknown>();
  for (const one of list) {
    const name = isFields(one) ? ownValue(one, field) : undefined;
    if (typeof name !== 'string' && typeof name !== 'number') return false;
    names.add(name);
  }
  return names.size === list.length;
}

function within({ path, depth }: Place, name: string, before: unknown, after: unknown): Place {
  const plain = /^[\w-]+$/.test(name);
  const step = plain ? `${path === '' ? '' : '.'}${name}` : `[${JSON.stringify(name)}]`;
  return { path: `${path}${step}`, name, before, after, depth: depth + 1 };
}

function inList({ path, name, depth }: Place, at: string, before: unknown, after: unknown): Place {
  return { path: `${path}[${at}]`, name, before, after, depth: depth + 1 };
}

function asShown({ path, name, before, after }: Place): Difference {
  return {
    path: cut(hidden(path), MAX_PATH),
    ...(before !== undefined && { before: shownValue(name, before) }),
    ...(after !== undefined && { after: shownValue(name, after) }),
  };
}

/** Hidden before it is cut, and with its name beside it, by which some secrets are known. */
function shownValue(name: string, value: unknown): string {
  const label = `${JSON.stringify(name)}:`;
  const text = hidden(`${label}${textOf(value)}`);
  return cut(text.startsWith(label) ? text.slice(label.length) : text, MAX_VALUE);
}

/** Returns JSON. What is nested too deeply for that counts as the same. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '…';
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownValue(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
