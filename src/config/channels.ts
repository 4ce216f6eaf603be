import addressParser from 'nodemailer/lib/addressparser';
import { z } from 'zod';
import { httpUrl } from '../providers/settings.js';
import { secretOf } from '../secrets/reference.js';
import { apiToken, secretAddress } from '../secrets/secret-kinds.js';
import { named } from './named.js';

const webAddress = secretAddress(/^https?:$/, 'an http or https URL');
const mailAddress = secretAddress(/^smtps?:$/, 'an smtp:// or smtps:// URL');

const slack = z.strictObject({ url: secretOf(webAddress).describe('incoming-webhook URL') });
const mailbox = z
  .string()
  .refine(isMailbox, 'must be an address, team@example.com or Team <team@example.com>, or several with commas between');
const email = z.strictObject({
  server: secretOf(mailAddress).describe('smtp:// or smtps:// URL with user and password'),
  from: mailbox,
  to: z.array(mailbox).min(1),
});
const sms = z.strictObject({
  accountSid: z.string().min(1),
  authToken: secretOf(apiToken),
  from: z.string().min(1),
  to: z.array(z.string().min(1)).min(1),
  apiUrl: httpUrl.default('https://api.twilio.com'),
});

/** What notifications are sent by. */
export const channels = z
  .strictObject({ slack: named(slack), email: named(email), sms: named(sms) })
  .partial()
  .default({});

/**
 * Returns whether mail goes to all that a text names, as the library reads it that sends it: to what it takes for no address nothing is
 * sent, without a word, as long as there is another one beside it.
 */
function isMailbox(text: string): boolean {
  if (/[\r\n]/.test(text)) return false;
  const named = addressParser(text, { flatten: true });
  // Of two addresses without a comma between, one is taken for the name of the other.
  const isMissed = ({ name, address }: (typeof named)[number]) =>
    !/[^@]@[^\s@]+$/.test(address) || (/\S@\S/.test(name) && !text.includes(`"${name}"`));
  return named.length > 0 && !named.some(isMissed);
}
