import type { Path } from './properties-seeds.js';

/** What stands for "not told", or says the same in another way. */
export type Form = { readonly how: 'absent' | 'null' } | { readonly how: 'other'; readonly value: unknown };

const NOT_TOLD: readonly Form[] = [{ how: 'absent' }, { how: 'null' }];

/** Returns the other forms that a field may legally have: a number for its digits, a short name for a ref, and the reverse. */
export function formsOf(value: unknown): readonly Form[] {
  return [...NOT_TOLD, ...otherForms(value).map((other) => ({ how: 'other', value: other }) as const)];
}

function otherForms(value: unknown): readonly unknown[] {
  if (typeof value === 'number') return [String(value), 0];
  if (typeof value !== 'string') return [];
  const ref = value.startsWith('refs/heads/') ? [value.slice('refs/heads/'.length)] : [`refs/heads/${value}`];
  return ['', ...(/^\d{1,15}$/.test(value) ? [Number(value)] : []), ...(value.startsWith('refs/') ? [] : ref)];
}

type Holder = Record<string | number, unknown>;

/** Returns a copy of a body in which one field has another form. */
export function withForm(body: unknown, path: Path, form: Form): unknown {
  const root = structuredClone(body);
  const holder = holderOf(root, path);
  const last = path.at(-1);
  if (!holder || last === undefined) return root;
  if (form.how === 'other') holder[last] = form.value;
  else if (form.how === 'null') holder[last] = null;
  else delete holder[last];
  return root;
}

/** Returns what stands at a path of a body. */
export function valueAt(body: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Holder | null | undefined)?.[key], body);
}

function holderOf(root: unknown, path: Path): Holder | undefined {
  const holder = valueAt(root, path.slice(0, -1));
  return typeof holder === 'object' && holder !== null ? (holder as Holder) : undefined;
}

/** Returns the paths of all fields of a body. */
export function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [
    ...(at.length > 0 ? [at] : []),
    ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...at, key])),
  ];
}
