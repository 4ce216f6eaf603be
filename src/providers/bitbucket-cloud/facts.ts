import type { GitFacts } from '../facts.js';

/** A repository keeps no refs of its pull requests, and the API has no test of a webhook. */
export const facts: GitFacts = {
  eventHeader: 'x-event-key',
  clone: { path: '{fullName}.git', username: 'x-token-auth' },
  missed: 'state',
  credentials: ['token'],
  hookRights: "the scopes for webhooks (read and write), by one of the repository's administrators",
};
