import { z } from 'zod';
import type { Repository, Sender } from '../events/event.js';

/**
 * The parts that payloads share, and only the fields that are used: a schema of the whole payload would cost a third of
 * the receiver's throughput, and would refuse what a provider adds tomorrow.
 */

/** Cut and not refused: a long title is no reason to lose a delivery. */
export const text = (longest: number) => z.string().transform((value) => cut(value, longest));

export const link = text(2_000);

/** An object name: SHA-1 or SHA-256. */
export const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

export const isZero = (name: string): boolean => /^0+$/.test(name);

/**
 * What git allows in a ref, whole or short: one line without blanks, and no way up a path.
 * Source: https://git-scm.com/docs/git-check-ref-format
 */
export const refName = z
  .string()
  .min(1)
  .max(1_000)
  .regex(/^(?![/.]|.*(?:\.\.|@\{|\/[/.]|\.lock(?:\/|$)))[^\p{Cc}\p{Cs}\p{Z}~^:?*[\\]+(?<![/.])$/su);

/** A branch that is told of beside: what can be none is left out, and costs no delivery. */
export const branchName = refName.nullish().catch(undefined);

/** A string when the number was too large to be exact. */
export const id = z.union([z.int(), z.string().regex(/^\d{1,30}$/)]).transform(String);

/** `owner/name`, of which neither leads up a path. */
export const fullName = z.string().regex(/^(?!\.{1,2}\/)[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/);

export const repositorySchema = z.object({
  id,
  full_name: fullName,
  html_url: link,
  default_branch: refName.nullish(),
  private: z.boolean().nullish(),
});

export const userSchema = z.object({ login: text(100), type: z.string().nullish() });

export function toRepository(repository: z.output<typeof repositorySchema>): Repository {
  return {
    id: repository.id,
    fullName: repository.full_name,
    url: repository.html_url,
    ...(repository.default_branch && { defaultBranch: repository.default_branch }),
    // Unknown counts as private: nothing may be shown that should not be.
    private: repository.private ?? true,
  };
}

/** GitHub names nobody for an account that is gone; its web pages show those as `ghost`. */
export function toSender(user: z.output<typeof userSchema> | null | undefined): Sender {
  return user ? { login: user.login, bot: user.type === 'Bot' } : { login: 'ghost', bot: false };
}

/** Cuts at a character and not within one. */
function cut(value: string, longest: number): string {
  if (value.length <= longest) return value;
  const end = value.slice(0, longest);
  return /[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end;
}
