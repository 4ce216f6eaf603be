/** Returns whether an artifact can have this name: it is that of a file too. */
export function isArtifactName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(name);
}
