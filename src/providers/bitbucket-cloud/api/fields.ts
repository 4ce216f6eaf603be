import { z } from 'zod';
import { text } from '../../shapes.js';

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
