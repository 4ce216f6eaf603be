import { z } from 'zod';
import type { Commit, Repository, Sender } from '../../../events/event.js';
import { commitName, fullName, link, refName, text } from '../../shapes.js';

/** In braces. Stays the same when the repository is renamed or moved. */
const uuid = z
  .string()
  .regex(/^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i)
  .transform((value) => value.slice(1, -1).toLowerCase());

const links = z.object({ html: z.object({ href: link }).nullish() }).nullish();

export const repositorySchema = z.object({
  uuid: uuid.nullish(),
  full_name: fullName,
  is_private: z.boolean().nullish(),
  mainbranch: z.object({ name: refName }).nullish(),
  links,
});

export function toRepository(repository: z.output<typeof repositorySchema>): Repository {
  return {
    id: repository.uuid ?? repository.full_name,
    fullName: repository.full_name,
    url: repository.links?.html?.href ?? `https://bitbucket.org/${repository.full_name}`,
    ...(repository.mainbranch && { defaultBranch: repository.mainbranch.name }),
    private: repository.is_private ?? true,
  };
}

/** `username` is gone for people since 2019, and is what teams still have. */
export const accountSchema = z.object({
  type: z.string().nullish(),
  nickname: text(100).nullish(),
  username: text(100).nullish(),
  display_name: text(100).nullish(),
  account_id: z
    .string()
    .regex(/^[\w:.-]{1,128}$/)
    .nullish()
    .catch(undefined),
});

export type Account = z.output<typeof accountSchema>;

/** An app acts as an account of its own type; a person may call themselves anything. */
export function toSender(account: Account | null | undefined): Sender {
  return {
    login: loginOf(account) ?? 'ghost',
    ...(account?.account_id && { id: account.account_id }),
    bot: account?.type === 'app_user',
  };
}

function loginOf(account: Account | null | undefined): string | undefined {
  return account?.nickname || account?.username || account?.display_name || undefined;
}

export const commitSchema = z.object({
  hash: commitName,
  message: text(2_000).nullish(),
  author: z.object({ raw: text(300).nullish(), user: accountSchema.nullish() }).nullish(),
  links,
});

export function toCommit({ hash: sha, message, author, links }: z.output<typeof commitSchema>): Commit {
  // `raw` is what git says: a name, and an address that is nobody's business here.
  const name = loginOf(author?.user) ?? author?.raw?.split('<', 1)[0]?.trim();
  return {
    sha,
    ...(message && { message }),
    ...(name && { author: name }),
    ...(links?.html && { url: links.html.href }),
  };
}

/** With any offset, as ISO 8601 in UTC. */
export const time = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());

/** What each payload has. */
export const envelope = { repository: repositorySchema, actor: accountSchema.nullish() };

export function about({ repository, actor }: z.output<z.ZodObject<typeof envelope>>) {
  return { repository: toRepository(repository), sender: toSender(actor) };
}
