import { type GitFacts, REAL_PUSH } from '../facts.js';

const family = {
  clone: { path: '{fullName}.git', username: 'x-access-token' },
  pullRequestRef: (number) => `refs/pull/${number}/head`,
  missed: 'state',
  credentials: ['token'],
  hookRights: "write:repository, by one of the repository's administrators",
} as const satisfies GitFacts;

export const giteaFacts: GitFacts = {
  ...family,
  eventHeader: 'x-gitea-event',
  /** Source: https://docs.gitea.com/api/ (repoTestHook) */
  testCall: { eventName: 'push', isRealPush: true, says: `Gitea's test ${REAL_PUSH}` },
};

export const forgejoFacts: GitFacts = {
  ...family,
  eventHeader: 'x-forgejo-event',
  testCall: { eventName: 'push', isRealPush: true, says: `Forgejo's test ${REAL_PUSH}` },
};

/** Its API has no test of a webhook. */
export const gogsFacts: GitFacts = {
  ...family,
  eventHeader: 'x-gogs-event',
  hookRights: "a token of one of the repository's administrators",
};
