import type { Manifest } from '../../store/backup/manifest.js';

const WORDS = {
  deliveries: 'deliveries',
  dispatches: 'starts and signals',
  records: 'records',
  log_lines: 'lines of logs',
  outbound_attempts: 'outbound attempts',
} as const satisfies Record<keyof Manifest['counts'], string>;

/** Returns how much of what a backup holds, in one line. */
export function contentOf({ counts }: Pick<Manifest, 'counts'>): string {
  const entries = Object.entries(WORDS) as [keyof typeof WORDS, string][];
  return entries.map(([table, word]) => `${counts[table].toLocaleString('en')} ${word}`).join(', ');
}
