import { included } from '../../triggers/glob.js';
import type { Activities } from '../contract/index.js';
import { type AskProvider, cannot } from './ask-provider.js';

type Commits = Pick<Activities, 'resolveCommit' | 'findChangedFiles'>;

/** What a provider knows of commits. */
export function createCommits(ask: AskProvider): Commits {
  return {
    async resolveCommit({ source, repository, name }) {
      const found = await ask({ source, repository }, (api) => api.resolveCommit?.(name));
      // An answer for something else would put another commit's status on it, or build it.
      return found?.answer.startsWith(name) ? { sha: found.answer } : {};
    },

    async findChangedFiles({ source, repository, range, paths }) {
      if (!range) return { known: false, because: 'there is nothing to compare with' };
      const found = await ask({ source, repository }, (api) => api.changedFiles?.(range));
      if (!found) return { known: false, because: cannot(source, 'read changed files') };
      const files = found.answer;
      if (!files) return { known: false, because: "the provider's list is not complete" };
      return {
        known: true,
        count: files.length,
        hits: paths.map((patterns) => files.find((file) => included(file, patterns)) ?? null),
      };
    },
  };
}
