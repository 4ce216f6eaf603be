import { z } from 'zod';
import { httpUrl } from '../providers/settings.js';
import { secretOf } from '../secrets/reference.js';
import { apiToken, secretAddress } from '../secrets/secret-kinds.js';
import { named } from './named.js';

const webAddress = secretAddress(/^https?:$/, 'an http or https URL');
const mailAddress = secretAddress(/^smtps?:$/, 'an smtp:// or smtps:// URL');

const slack = z.strictObject({ url: secretOf(webAddress).describe('incoming-webhook URL') });
/** Of what is no address nothing is sent to, without a word, as long as there is another one beside it. */
const mailbox = z
  .string()
  .regex(/^[^\r\n]*[^\s<@]@[^\s@]+[ \t]*$/, 'must be an address, team@example.com or Team <team@example.com>');
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
