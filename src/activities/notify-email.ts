import { Context } from '@temporalio/activity';
import { createTransport } from 'nodemailer';
import type { Activities } from './contract.js';
import type { ActivityDeps } from './deps.js';
import { channelOf, needed } from './notify/channel.js';
import { throwIfCancelled, withDeadline } from './remote/deadline.js';
import { notConfigured, refused, unavailable } from './remote/failure.js';

const DEADLINE_MS = 45_000;
const PATIENCE_MS = 15_000;

/** What nodemailer says of an SMTP conversation that failed. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** Mails a channel's recipients, over SMTP. */
export function createNotifyEmail({ config }: ActivityDeps): Activities['notifyEmail'] {
  return async function notifyEmail({ channel, subject, text, id }) {
    const { server, from, to } = channelOf(config.channels.email, 'email', channel);
    const transport = createTransport(needed(server, `channels.email.${channel}.server`).reveal(), {
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    } as never);
    const mail = {
      from,
      to,
      subject: oneLine(subject),
      text,
      // Same on every attempt: a server that took the first one can see the repeat.
      messageId: `<${id.replace(/[^\w.-]/g, '')}@hookyard>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    try {
      await withDeadline({ ms: DEADLINE_MS, parent: Context.current().cancellationSignal }, () =>
        transport.sendMail(mail),
      );
    } catch (error) {
      await throwIfCancelled();
      throw failureOf(error as SmtpError, channel);
    } finally {
      transport.close();
    }
  };
}

/** A line break in a subject would begin a header of the payload's choice. */
function oneLine(subject: string): string {
  return subject
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500);
}

/** By code alone: a server's text may quote what was sent to it. */
function failureOf({ code, responseCode, name }: SmtpError, channel: string): Error {
  const said = `the mail server of channel ${channel} failed: ${[code, responseCode].filter(Boolean).join(' ') || name}`;
  if (code === 'EAUTH')
    return notConfigured(`${said}; correct the user and password of channels.email.${channel}.server`);
  if (responseCode !== undefined && responseCode >= 500) return refused(said);
  if (code === 'EENVELOPE' && responseCode === undefined)
    return notConfigured(`${said}; correct channels.email.${channel}.from and to`);
  return unavailable(said);
}
