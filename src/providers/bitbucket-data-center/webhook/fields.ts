import { z } from 'zod';
import type { Repository, Sender } from '../../../events/event.js';
import { id, text } from '../../shapes.js';

/** The project of a person is called `~user`. */
const projectKey = z.string().regex(/^~?(?!\.{1,2}$)[\w.-]{1,128}$/);
const slug = z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,128}$/);

export const repositorySchema = z.object({
  id,
  slug,
  project: z.object({ key: projectKey, public: z.boolean().nullish() }),
  public: z.boolean().nullish(),
});

type Read = z.output<typeof repositorySchema>;

/** As in the path that it is cloned from, `scm/<fullName>.git`. */
export function fullNameOf({ project, slug }: Read): string {
  return `${project.key}/${slug}`;
}

/** The page of a repository. Made from the source's URL: older payloads have no links. */
export function pageOf(server: string, { project, slug }: Read): string {
  return `${server}/projects/${project.key}/repos/${slug}`;
}

export function toRepository(server: string, repository: Read): Repository {
  return {
    id: repository.id,
    fullName: fullNameOf(repository),
    url: `${pageOf(server, repository)}/browse`,
    // A public project makes its repositories public.
    private: !(repository.public || repository.project.public),
  };
}

export const userSchema = z.object({
  name: text(100).nullish(),
  slug: text(100).nullish(),
  id: id.nullish(),
  type: z.string().nullish(),
});

/** Anonymous users have no name; access tokens of a repository or project act as a service user. */
export function toSender(user: z.output<typeof userSchema> | null | undefined): Sender {
  return {
    login: user?.name || user?.slug || 'ghost',
    ...(user?.id && { id: user.id }),
    bot: user?.type === 'SERVICE',
  };
}

/** Unix ms; some versions write `2018-07-05T19:30:48+0000`. Undefined for anything else. */
export function toTime(value: number | string | null | undefined): string | undefined {
  const time = new Date(value ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

export const timeSchema = z.union([z.number(), text(50)]).nullish();
