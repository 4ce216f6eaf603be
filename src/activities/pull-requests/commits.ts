import { skipMarkerIn } from '../../events/skip-marker.js';
import { included, startsFromAll } from '../../triggers/glob.js';
import type { Activities } from '../contract/index.js';
import { type CallRepository, cannotCall } from './call-repository.js';

type Commits = Pick<Activities, 'resolveCommit' | 'findSkipMarker' | 'findOrigin' | 'findChangedFiles'>;

/** Returns the activities that ask a provider about commits. */
export function createCommits(call: CallRepository): Commits {
  return {
    async resolveCommit({ source, repository, name }) {
      const found = await call({ source, repository }, (api) => api.resolveCommit?.(name));
      // The result for something else would get another commit built, or put its status on it.
      return found?.result.startsWith(name) ? { sha: found.result } : {};
    },

    async findSkipMarker({ source, repository, sha }) {
      const found = await call({ source, repository }, (api) => api.commitMessage?.(sha));
      const marker = found && skipMarkerIn(found.result);
      return marker === undefined ? {} : { marker };
    },

    async findOrigin({ source, repository, checkSuite }) {
      const found = await call({ source, repository }, (api) => api.isOwnSuite?.(checkSuite));
      if (!found) return { own: false, because: cannotCall(source, 'tell whose a check suite is') };
      return found.result
        ? { own: true }
        : { own: false, because: `check suite ${checkSuite} is not of this repository` };
    },

    async findChangedFiles({ source, repository, range, paths }) {
      if (!range) return { known: false, because: 'there is nothing to compare with' };
      const found = await call({ source, repository }, (api) => api.changedFiles?.(range));
      if (!found) return { known: false, because: cannotCall(source, 'read changed files') };
      const files = found.result;
      if (!files) return { known: false, because: "the provider's list is not complete" };
      return {
        known: true,
        count: files.length,
        hits: paths.map((patterns) => hitOf(files, patterns)),
      };
    },
  };
}

/** Returns the first file that counts; an empty name where no file is changed, and the list would take away only. */
function hitOf(files: readonly string[], patterns: readonly string[]): string | null {
  if (files.length === 0) return startsFromAll(patterns) ? '' : null;
  return files.find((file) => included(file, patterns)) ?? null;
}
