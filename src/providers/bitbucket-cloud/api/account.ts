import { personOf } from '../credentials.js';
import type { BitbucketCloudSource } from '../settings.js';
import { type Account, accountSchema, toSender } from '../shapes.js';
import type { CloudConnection } from './connection.js';

/** The account that the credentials belong to. */
export interface OwnAccount {
  /** Asks for its login. */
  login(): Promise<string>;
  /** Returns a function that says whether an account is that one. */
  isOwn(): Promise<(account: Account | null | undefined) => boolean>;
}

/**
 * Returns what recognises our own account. An access token of a repository, a project or a workspace may not ask who it
 * is: it acts as an account of the type `app_user`, which no person has. Any of those counts as ours, or only the one
 * that the configuration names. Sources:
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/#api-user-get,
 * https://developer.atlassian.com/cloud/bitbucket/announcement-introducing-app-user/
 */
export function ownAccount(connection: CloudConnection, { api }: Pick<BitbucketCloudSource, 'api'>): OwnAccount {
  const user = { path: '/user' };
  let known: { uuid: string | undefined } | undefined;

  async function uuid(): Promise<string | undefined> {
    if (known) return known.uuid;
    const accept = personOf({ api }) === undefined ? [401, 403, 404] : [];
    const response = await connection.send({ ...user, accept });
    const found = response.status === 200 ? connection.read(accountSchema, response, 'account') : undefined;
    known = { uuid: found?.uuid ?? undefined };
    return known.uuid;
  }

  return {
    login: async () => toSender(await connection.get(user, accountSchema, 'account')).login,
    async isOwn() {
      const own = await uuid();
      if (own !== undefined) return (account) => account?.uuid === own;
      const configured = api?.account?.toLowerCase();
      return (account) =>
        account?.type === 'app_user' && (configured === undefined || namesOf(account).includes(configured));
    },
  };
}

function namesOf({ nickname, username, display_name }: Account): (string | undefined)[] {
  return [nickname, username, display_name].map((name) => name?.toLowerCase());
}
