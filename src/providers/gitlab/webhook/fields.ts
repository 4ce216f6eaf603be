import { z } from 'zod';
import type { Repository, Sender } from '../../../events/event.js';
import { id, link, refName, sha, text } from '../../shapes.js';

/** A project may lie in groups within groups. */
export const path = z
  .string()
  .max(300)
  .regex(/^[\w.-]+(?:\/[\w.-]+)+$/)
  .refine((value) => !value.split('/').some((part) => /^\.+$/.test(part)));

export const projectSchema = z.object({
  id: id.nullish(),
  path_with_namespace: path,
  web_url: link,
  default_branch: refName.nullish(),
  /** 20 is public; 10, for all who are signed in, and 0 are not. */
  visibility_level: z.int().nullish(),
});

export function toRepository(project: z.output<typeof projectSchema>, projectId?: string | null): Repository {
  return {
    id: project.id ?? projectId ?? project.path_with_namespace,
    fullName: project.path_with_namespace,
    url: project.web_url,
    ...(project.default_branch && { defaultBranch: project.default_branch }),
    private: project.visibility_level !== 20,
  };
}

export const personSchema = z.object({ username: text(100).nullish(), name: text(100).nullish() });

/** GitLab names the accounts of its access tokens and services so. */
const BOT = /^(project|group)_\d+_bot|[_-]bot$/i;

export function toSender(login: string | null | undefined): Sender {
  return login ? { login, bot: BOT.test(login) } : { login: 'ghost', bot: false };
}

export const commitSchema = z.object({
  id: sha,
  message: text(2_000).nullish(),
  url: link.nullish(),
  author: z.object({ name: text(100).nullish() }).nullish(),
});

export function toCommit(commit: z.output<typeof commitSchema>) {
  return {
    sha: commit.id,
    ...(commit.message && { message: commit.message }),
    ...(commit.author?.name && { author: commit.author.name }),
    ...(commit.url && { url: commit.url }),
  };
}

/** `2022-01-17 15:47:39 UTC` or ISO 8601, as ISO 8601 in UTC; undefined for anything else. */
export function toTime(value: string | null | undefined): string | undefined {
  const time = value ? Date.parse(value.replace(/^(\S+) (\S+) UTC$/, '$1T$2Z')) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
