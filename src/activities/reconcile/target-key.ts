import type { ReconcilePageInput } from '../contract/index.js';

/** Returns the key of a target's records. Stored: it must not change. */
export function targetKey({ source, target }: Pick<ReconcilePageInput, 'source' | 'target'>): string {
  return `${source}#${target.kind}#${'name' in target ? target.name : ''}`;
}
