import { schemeOf } from '../../src/providers/known-sources.js';
import type { Source } from '../../src/providers/source.js';
import { senderOf, sourceOf } from './senders.js';

export type Path = readonly (string | number)[];

/** A body that a provider sends, from which spoiled ones are made. */
export interface Seed {
  readonly event?: string;
  readonly body: unknown;
  /** The fields that normalising looks at: spoiling others spoils little. */
  readonly read: readonly Path[];
}

type Kind = Source['kind'];
const NOW = Date.parse('2026-11-24T08:00:00Z');
export const context = { source: 'here', deliveryId: 'd0', receivedAt: '2026-11-24T08:00:00.000Z' };

/** What is sent for a body: its bytes with the headers of a sender who has the secret. */
export function sentAs(kind: Kind, body: Buffer, event: string | undefined) {
  return {
    headers: { 'content-type': 'application/json', ...senderOf(kind).headers(body, NOW, event || undefined) },
    body,
  };
}

/** The bodies of a kind that become events, and one that does not. */
export function seedsOf(kind: Kind): readonly Seed[] {
  const source = schemeOf(sourceOf(kind));
  const seeds = senderOf(kind).bodies.map((seed) => {
    const body = Buffer.from(JSON.stringify(seed.body));
    const delivery = { ...sentAs(kind, body, seed.event), payload: seed.body };
    const paths: Path[] = [];
    const answer = source.normalise(watched(seed.body, paths, []), source.eventName(delivery), context);
    return { ...seed, read: unique(paths), ignored: 'ignored' in answer };
  });
  const ignored = seeds.find((seed) => seed.ignored);
  return [...seeds.filter((seed) => !seed.ignored), ...(ignored ? [ignored] : [])];
}

/** The value, which notes the paths of whatever is read from it. */
function watched(value: unknown, paths: Path[], at: Path): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(holder, key, receiver) {
      const inner: unknown = Reflect.get(holder, key, receiver);
      if (typeof key !== 'string' || typeof inner === 'function' || (Array.isArray(holder) && key === 'length'))
        return inner;
      const path = [...at, Array.isArray(holder) ? Number(key) : key];
      paths.push(path);
      return watched(inner, paths, path);
    },
  });
}

function unique(paths: readonly Path[]): readonly Path[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}
