import { type GitFacts, REAL_PUSH } from '../facts.js';

const family = {
  clone: { path: '{fullName}.git', username: 'x-access-token' },
  pullRequestRef: (number) => `refs/pull/${number}/head`,
  missed: 'state',
  credentials: ['token'],
  rights: {
    statuses: 'the scope write:repository, and the role of a writer',
    comments: 'the scope write:issue',
    commands: "the scope read:repository, and the role of one of the repository's administrators",
  },
  hookRights: "write:repository, by one of the repository's administrators",
} as const satisfies GitFacts;

/** Source: https://docs.gitea.com/administration/config-cheat-sheet#webhook-webhook */
const allowed = (product: string) =>
  `put its host into ALLOWED_HOST_LIST of [webhook] in ${product}'s app.ini (external, <host>), and restart ${product}`;

/** What is known of Gitea. */
export const giteaFacts: GitFacts = {
  ...family,
  privateReceivers: allowed('Gitea'),
  eventHeader: 'x-gitea-event',
  /** Source: https://docs.gitea.com/api/ (repoTestHook) */
  testCall: { eventName: 'push', isRealPush: true, says: `Gitea's test ${REAL_PUSH}` },
};

/** What is known of Forgejo. */
export const forgejoFacts: GitFacts = {
  ...family,
  privateReceivers: allowed('Forgejo'),
  eventHeader: 'x-forgejo-event',
  testCall: { eventName: 'push', isRealPush: true, says: `Forgejo's test ${REAL_PUSH}` },
};

/** Its API has no test of a webhook. */
export const gogsFacts: GitFacts = {
  ...family,
  privateReceivers: "put its host into LOCAL_NETWORK_ALLOWLIST of [security] in Gogs' app.ini, and restart Gogs",
  eventHeader: 'x-gogs-event',
  tellsPermissions: false,
  rights: { ...family.rights, commands: 'nothing: it has no comment commands here' },
  hookRights: "a token of one of the repository's administrators",
};
