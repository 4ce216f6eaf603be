import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused } from '../failures.js';

/** In bytes of JSON: half of what Temporal accepts. */
const MAX_PART = 1024 * 1024;

/** Reads a stored delivery's body, or a part of it. Throws `Refused` when it is gone, too large, or not JSON. */
export function createReadBody({ store }: Pick<ActivityDeps, 'store'>): Activities['readBody'] {
  return async function readBody({ deliveryId, pointer }) {
    const body = await store.inbox.body(deliveryId);
    if (!body)
      throw refused(
        `the inbox does not hold the body of delivery ${deliveryId}, or no longer: see inbox.keepDays, and inbox.keepLargeBodiesDays for bodies of more than 1 MB`,
      );
    const value = at(parsed(body), pointer);
    if (value === undefined) return {};
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes <= MAX_PART) return { value };
    throw refused(
      `${pointer || 'the body'} takes ${bytes} bytes, and a run can hold ${MAX_PART}: read a part of it, by a JSON pointer`,
    );
  };
}

/** Parses a body. The forms that GitHub and others send hold the JSON in their field `payload`. */
function parsed(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text.startsWith('payload=') ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    throw refused('the body is not JSON');
  }
}

/** Returns what a JSON pointer (RFC 6901) selects. Only own properties: a prototype is not part of a body. */
function at(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  if (!pointer.startsWith('/'))
    throw refused(`${JSON.stringify(pointer)} is not a JSON pointer: it must begin with a slash`);
  let part: unknown = value;
  for (const token of pointer.slice(1).split('/')) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
    part = (part as Record<string, unknown>)[name];
  }
  return part;
}
