import { createHash } from 'node:crypto';

/** Returns our id of a delivery. It is derived and not random, so that the same delivery has the same id wherever it arrives. */
export function deliveryId(source: string, key: string): string {
  return `d${createHash('sha256').update(`${source}\0${key}`).digest('hex').slice(0, 24)}`;
}
