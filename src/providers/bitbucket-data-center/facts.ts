import type { GitFacts } from '../facts.js';

/** The test in the settings page is not to be had by the API. */
export const facts: GitFacts = {
  eventHeader: 'x-event-key',
  clone: { path: 'scm/{fullName}.git', username: 'x-token-auth' },
  /** A person's project is called `~user`. */
  repositoryPart: /^[\w.~][\w.-]*$/,
  pullRequestRef: (number) => `refs/pull-requests/${number}/from`,
  missed: 'state',
  credentials: ['token'],
  hookRights: 'the permission "Repository admin"',
};
