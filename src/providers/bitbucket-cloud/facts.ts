import type { GitFacts } from '../facts.js';
import { atSshHost } from '../ssh-host.js';

/** A repository keeps no refs of its pull requests, and the API has no test of a webhook. */
export const facts: GitFacts = {
  eventHeader: 'x-event-key',
  clone: { path: '{fullName}.git', username: 'x-token-auth' },
  /** Source: https://support.atlassian.com/bitbucket-cloud/docs/troubleshoot-ssh-issues/ */
  alsoAt: atSshHost('bitbucket.org', 'altssh.bitbucket.org'),
  missed: 'state',
  credentials: ['token'],
  rights: {
    statuses: 'the scope for repositories (read)',
    comments: 'the scope for pull requests (read and write)',
    commands: "the role of one of the repository's administrators",
  },
  hookRights: "the scopes for webhooks (read and write), by one of the repository's administrators",
};
