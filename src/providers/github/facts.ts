import type { GitFacts } from '../facts.js';

export const facts: GitFacts = {
  eventHeader: 'x-github-event',
  clone: { path: '{fullName}.git', username: 'x-access-token' },
  pullRequestRef: (number) => `refs/pull/${number}/head`,
  missed: 'list',
  credentials: ['token', 'app'],
  /** Source: https://docs.github.com/en/rest/repos/webhooks#ping-a-repository-webhook */
  testCall: { eventName: 'ping', isRealPush: false, says: 'GitHub sends a ping' },
  hookRights: 'the repository\'s "Webhooks: read and write", or the scope admin:repo_hook',
};
