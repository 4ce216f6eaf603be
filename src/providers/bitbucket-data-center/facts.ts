import type { GitFacts } from '../facts.js';

/** The API can't trigger the test that the settings page has. */
export const facts: GitFacts = {
  eventHeader: 'x-event-key',
  clone: { path: 'scm/{fullName}.git', username: 'x-token-auth' },
  /** A person's project is called `~user`. */
  repositoryPart: /^[\w.~][\w.-]*$/,
  pullRequestRef: (number) => `refs/pull-requests/${number}/from`,
  missed: 'state',
  credentials: ['token'],
  rights: {
    statuses: 'the permission "Repository read"',
    comments: 'the permission "Repository read"',
    commands: 'the permission "Repository admin"',
  },
  hookRights: 'the permission "Repository admin"',
};
