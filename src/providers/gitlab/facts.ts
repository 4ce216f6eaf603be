import { type GitFacts, REAL_PUSH } from '../facts.js';
import { atSshHost } from '../ssh-host.js';

/** What is known of GitLab. */
export const facts: GitFacts = {
  eventHeader: 'x-gitlab-event',
  clone: { path: '{fullName}.git', username: 'oauth2' },
  pullRequestRef: (number) => `refs/merge-requests/${number}/head`,
  /** Source: https://docs.gitlab.com/user/gitlab_com/#alternative-ssh-port */
  alsoAt: atSshHost('gitlab.com', 'altssh.gitlab.com'),
  missed: 'list',
  credentials: ['token'],
  /** Source: https://docs.gitlab.com/api/project_webhooks/#trigger-a-test-project-webhook */
  testCall: { eventName: 'Push Hook', isRealPush: true, says: `GitLab's test ${REAL_PUSH}` },
  /** Source: https://docs.gitlab.com/security/webhooks/ */
  privateReceivers:
    'allow requests to the local network from webhooks, in the admin area of GitLab: Settings, Network, Outbound requests',
  rights: {
    statuses: 'the scope "api", and the role of a developer',
    comments: 'the scope "api", and the role of a reporter',
    commands: 'the scope "api" or "read_api", and any role',
  },
  hookRights: 'the scope "api", and the role of a maintainer',
};
