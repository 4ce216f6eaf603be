import { COUNTED, type Manifest } from '../../store/backup/manifest.js';
import { countedRows } from './counted.js';

/** Returns how much of what a backup holds, in one line. */
export function contentOf({ counts }: Pick<Manifest, 'counts'>): string {
  return COUNTED.map((table) => countedRows(counts[table], table)).join(', ');
}
