import type { GitFacts } from '../facts.js';
import { atSshHost } from '../ssh-host.js';

/** What is known of GitHub. */
export const facts: GitFacts = {
  eventHeader: 'x-github-event',
  clone: { path: '{fullName}.git', username: 'x-access-token' },
  pullRequestRef: (number) => `refs/pull/${number}/head`,
  /** Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue */
  queueBranches: 'gh-readonly-queue/',
  /** Source: https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port */
  alsoAt: atSshHost('github.com', 'ssh.github.com'),
  missed: 'list',
  credentials: ['token', 'app'],
  /** Source: https://docs.github.com/en/rest/repos/webhooks#ping-a-repository-webhook */
  testCall: { eventName: 'ping', isRealPush: false, says: 'GitHub sends a ping' },
  rights: {
    statuses: '"Commit statuses: read and write", or the scope repo:status, and the role of a writer',
    comments: '"Issues" and "Pull requests: read and write", or the scope repo (public_repo for public repositories)',
    commands: 'the role of a writer, which a GitHub App has by "Metadata: read"',
    annotations: '"Checks: read and write", which an owner of the organisation has to accept after it was added',
  },
  hookRights: 'the repository\'s "Webhooks: read and write", or the scope admin:repo_hook',
};
