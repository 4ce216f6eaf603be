import type { ReconcilePageInput } from '../contract/index.js';

/** What is kept of a target is kept under this. */
export function targetKey({ source, target }: Pick<ReconcilePageInput, 'source' | 'target'>): string {
  return `${source}#${target.kind}#${'name' in target ? target.name : ''}`;
}
