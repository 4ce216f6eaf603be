import type { GitFacts } from '../facts.js';
import { alsoAt } from './also-at.js';

/** Deliveries name their event in the body; a repository keeps no ref of a pull request's head. */
export const facts: GitFacts = {
  clone: { path: '{owner}/_git/{name}', username: 'hookyard' },
  /** Blanks within, and letters of any language. */
  repositoryPart: /^[\p{L}\p{N}_.](?:[\p{L}\p{M}\p{N}_. -]*[\p{L}\p{M}\p{N}_.-])?$/u,
  alsoAt,
  missed: 'list',
  credentials: ['token', 'entra'],
  tellsPermissions: false,
  rights: {
    statuses: 'the scopes "Code (read)" and "Code (status)"',
    comments: 'the scope "Code (read & write)", or "Pull Request Threads (read & write)"',
    commands: 'nothing: it has no comment commands here',
  },
};
