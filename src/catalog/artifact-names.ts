import { didYouMean } from '../triggers/did-you-mean.js';
import type { ModuleReport } from './module-report.js';
import { ANY } from './used-names.js';

/**
 * Returns which artifacts jobs need that no job keeps, a line each, with file and line. Nothing where a job keeps what is named only
 * while the code runs.
 */
export function unknownArtifacts(authored: readonly ModuleReport[]): string[] {
  const names = authored.flatMap((report) => report.names);
  const kept = names.filter(({ what }) => what === 'option artifacts').map(({ name }) => name);
  if (kept.includes(ANY)) return [];
  // In a matrix, the values of the cell follow.
  const isKept = (needed: string) => kept.some((name) => needed === name || needed.startsWith(`${name}-`));
  return names
    .filter(({ what, name }) => what === 'artifacts' && !isKept(name))
    .map(
      ({ name, place }) =>
        `${place}: no job keeps an artifact "${name}"${didYouMean(name, kept) ?? ': name it in the "artifacts" of the job that makes it'}`,
    );
}
