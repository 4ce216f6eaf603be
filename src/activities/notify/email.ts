import { Context } from '@temporalio/activity';
import { createTransport } from 'nodemailer';
import { withDeadline } from '../../async/deadline.js';
import { causeOf } from '../../http/cause.js';
import type { Secret } from '../../secrets/secret.js';
import { throwIfCancelled } from '../cancelled.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused, unavailable } from '../failures.js';
import { channelOf, needed } from './channel.js';

const DEADLINE_MS = 45_000;
const PATIENCE_MS = 15_000;

/** What nodemailer says of an SMTP conversation that failed. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/**
 * Mails a channel's recipients, over SMTP, in one message. A server that takes it for some of them has taken it: the
 * others are counted in the log, because sending it again would send it twice.
 */
export function createNotifyEmail(
  { config, log }: ActivityDeps,
  { deadlineMs = DEADLINE_MS }: { deadlineMs?: number } = {},
): Activities['notifyEmail'] {
  return async function notifyEmail({ channel, subject, text, id }) {
    const { server, from, to } = channelOf(config.channels.email, 'email', channel);
    const transport = createTransport({
      url: addressOf(needed(server, `channels.email.${channel}.server`), channel),
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
    });
    const mail = {
      from,
      to,
      subject: oneLine(subject),
      text,
      // Same on every attempt: a server that took the first one can see the repeat.
      messageId: `<${id.replace(/[^\w.-]/g, '')}@hookyard>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    try {
      const deadline = { ms: deadlineMs, parent: Context.current().cancellationSignal };
      const { rejected } = await withDeadline(deadline, (signal) => transport.sendMail({ ...mail, signal }));
      if (rejected.length > 0)
        log.warn({ channel, refused: rejected.length, of: to.length }, 'a mail server refused some recipients');
    } catch (error) {
      await throwIfCancelled();
      throw failureOf(error as SmtpError, channel);
    } finally {
      transport.close();
    }
  };
}

/** Checked here: nodemailer takes a string that it does not know for a transport, and fails late and strangely. */
function addressOf(server: Secret, channel: string): string {
  const url = server.reveal();
  if (!/^smtps?:\/\/./i.test(url) || !URL.canParse(url))
    throw notConfigured(`channels.email.${channel}.server is no smtp:// or smtps:// URL`);
  return url;
}

/** A line break in a subject would begin a header of the payload's choice. */
function oneLine(subject: string): string {
  return subject
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500);
}

/** By code alone: a server's text may quote what was sent to it. */
function failureOf(error: SmtpError, channel: string): Error {
  const { code, responseCode } = error;
  const said = `the mail server of channel ${channel} failed: ${[causeOf(error), responseCode].filter(Boolean).join(' ')}`;
  // 454 is a temporary trouble of the server's, and not the password's: https://www.rfc-editor.org/rfc/rfc4954#section-6
  if (code === 'EAUTH' && (responseCode === undefined || responseCode >= 500))
    return notConfigured(`${said}; correct the user and password of channels.email.${channel}.server`);
  if (responseCode !== undefined && responseCode >= 500) return refused(said);
  if (code === 'EENVELOPE' && responseCode === undefined)
    return notConfigured(`${said}; correct channels.email.${channel}.from and to`);
  return unavailable(said);
}
