import { existsSync, readFileSync } from 'node:fs';

/**
 * Tells whether node_modules holds what package-lock.json names, whoever has installed it. npm writes down at the end of
 * each install what there is (node_modules/.package-lock.json); packages for other platforms are not among it.
 */
export function isInstalled() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(record)) return false;
  const wanted = packagesOf('package-lock.json');
  const there = packagesOf(record);
  if (!wanted || !there) return false;
  const paths = new Set([...Object.keys(wanted), ...Object.keys(there)]);
  // The package itself, which npm does not write down.
  paths.delete('');
  return [...paths].every((path) => {
    const [lock, found] = [wanted[path], there[path]];
    if (!found) return lock.optional === true || lock.devOptional === true;
    return lock !== undefined && lock.version === found.version && lock.integrity === found.integrity;
  });
}

/** Returns the packages that a lockfile names, by folder, or undefined for what is none. */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
