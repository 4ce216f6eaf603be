import { z } from 'zod';
import { withoutUser } from '../secrets/address-credentials.js';

/** The schema of a number that names something, as text. */
export const number = z.int().nonnegative().transform(String);

/** The schema of the address of a page, which is shown to people; undefined where it is none. */
export const page = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .transform(withoutUser)
  .optional()
  .catch(undefined);

/** Returns a page as a field that is only there where the page is known. */
export function urlOf(url: string | undefined): { readonly url?: string } {
  return url === undefined ? {} : { url };
}

/** The schema of a commit; undefined where it is none, `HEAD` for example. */
export const commit = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i)
  .optional()
  .catch(undefined);

/** Returns a commit's name where it is whole: services take no other for a commit to build. */
export function wholeName(sha: string | undefined): string | undefined {
  return commit.parse(sha);
}

/** Returns the commit that a build is made of as a field that is only there where it is known. */
export function madeOf(commit: string | undefined): { readonly commits?: readonly string[] } {
  return commit === undefined ? {} : { commits: [commit] };
}
