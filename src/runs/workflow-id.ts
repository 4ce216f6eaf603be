import { createHash } from 'node:crypto';
import { isEdited } from '../events/edited-key.js';
import { isSynthesised } from '../events/synthesised-key.js';
import { cutToBytes } from '../events/truncate.js';

/** In bytes. Temporal's default is 1,000; the SQL set-ups of its own compose files allow 255. */
const MAX_WORKFLOW_ID = 255;

/** The source of manual runs; no configured source may have this name. */
export const MANUAL_SOURCE = 'manual';

/** What a run's workflow id is made from. */
export interface NamedRun {
  readonly automation: string;
  readonly source: string;
  /** The delivery's key, as the inbox holds it. */
  readonly key: string;
  /** Index of the event among the delivery's; 0 by default. */
  readonly part?: number | undefined;
  /** Counts the runs that an operator asked for again, from 1; absent for the first run. */
  readonly replay?: number | undefined;
}

/**
 * Returns the workflow id of the run that a delivery starts of an automation: made of names, so that starting it twice
 * starts it once. A longer one keeps its beginning, and a hash stands for the rest. No key spells the name of another
 * delivery's run: what separates the parts of a name is escaped in a sender's key.
 *
 * Not for workflow code, whose sandbox has no `node:crypto`: `idBeside` makes its ids from the run's own.
 */
export function workflowIdFor({ automation, source, key, part = 0, replay }: NamedRun): string {
  const more = `${part > 0 ? `/${part + 1}` : ''}${replay === undefined ? '' : `/replay-${replay}`}`;
  const id = `${automation}/${source}/${isOurs({ source, key }) ? key : escaped(key)}${more}`;
  if (Buffer.byteLength(id) <= MAX_WORKFLOW_ID) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return `${cutToBytes(id, MAX_WORKFLOW_ID - hash.length - 1)}~${hash}`;
}

/** Returns whether Hookyard made the key: no sender can spell one. */
function isOurs({ source, key }: { source: string; key: string }): boolean {
  return source === MANUAL_SOURCE || isSynthesised({ key }) || isEdited({ key });
}

/** Escapes the characters that separate, that begin a hash, and that escape. UUIDs, numbers and digests have none of them. */
function escaped(key: string): string {
  return key.replaceAll('%', '%25').replaceAll('/', '%2F').replaceAll('~', '%7E');
}
