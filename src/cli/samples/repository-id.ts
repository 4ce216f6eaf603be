import { createHash } from 'node:crypto';

/** Returns the id of a made-up repository: providers' ids stay through a rename, so one of two names would be taken for renamed. */
export function repositoryId(name: string): number {
  return hashOf(name).readUInt32BE();
}

/** Returns {@link repositoryId} as a UUID. */
export function repositoryUuid(name: string): string {
  return `00000000-0000-4000-8000-${hashOf(name).toString('hex', 0, 6)}`;
}

/** Upper and lower case name the same repository, at every provider. */
function hashOf(name: string): Buffer {
  return createHash('sha256').update(name.toLowerCase()).digest();
}
