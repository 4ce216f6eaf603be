import { z } from 'zod';

/** Cut and not refused: counts code points, so that the cut never halves one. */
export const text = (longest: number) =>
  z.string().transform((value) => (value.length <= longest ? value : [...value].slice(0, longest).join('')));

/** Numbers that JavaScript can't hold exactly are refused, and never rounded. */
export const id = z.union([z.int(), z.string().regex(/^\d{1,30}$/)]).transform(String);

/** SHA-1 or SHA-256. */
export const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/** Full, or the first 12 digits: pull requests have no more. */
export const hash = z.string().regex(/^(?:[0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{64})$/);

/** As the receiver reads it: one line without blanks, and no way up a path. */
export const ref = z.string().regex(/^(?!.*\.\.)[^\p{Cc}\p{Zs}\u007f~^:?*[\\]{1,1000}$/u);

export const links = z.object({ html: z.object({ href: z.string().max(2_000) }).nullish() }).nullish();

/** `username` is gone for people since 2019, and is what teams still have. */
export const accountSchema = z.object({
  type: z.string().nullish(),
  uuid: z.string().nullish(),
  account_id: z.string().nullish(),
  nickname: text(100).nullish(),
  username: text(100).nullish(),
  display_name: text(100).nullish(),
});

export type Account = z.output<typeof accountSchema>;

/** As the receiver names them in events. */
export function loginOf(account: Account | null | undefined): string {
  return account?.nickname || account?.username || account?.display_name || 'ghost';
}
