import { Context } from '@temporalio/activity';
import { createTransport } from 'nodemailer';
import { withDeadline } from '../../async/deadline.js';
import { causeOf } from '../../http/cause.js';
import { isLoopbackHost } from '../../http/loopback-host.js';
import type { Secret } from '../../secrets/secret.js';
import { throwIfCancelled } from '../cancelled.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused, unavailable } from '../failures.js';
import { withLinks } from './approval-links.js';
import { channelOf, needed } from './channel.js';

const DEADLINE_MS = 45_000;
/** For each step of the connection. */
const SOCKET_MS = 15_000;

/** What nodemailer throws when SMTP fails. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/**
 * Sends one message to all recipients of a channel by SMTP. If the server accepts it for some of them, it counts as
 * sent, and the log counts the others: a retry would send it twice to the first. Without TLS it speaks to this machine alone:
 * anybody on the way would read password and mail.
 */
export function createNotifyEmail(
  { config, log }: ActivityDeps,
  { deadlineMs = DEADLINE_MS }: { deadlineMs?: number } = {},
): Activities['notifyEmail'] {
  return async function notifyEmail({ channel, subject, text: given, id, links }) {
    const text = withLinks(config, given, links);
    const { server, from, to } = channelOf(config.channels.email, 'email', channel);
    const transport = createTransport({
      url: addressOf(needed(server, `channels.email.${channel}.server`), channel),
      connectionTimeout: SOCKET_MS,
      greetingTimeout: SOCKET_MS,
      socketTimeout: SOCKET_MS,
    });
    const mail = {
      from,
      to,
      subject: oneLine(subject),
      text,
      // The same on every attempt, so that a server can see a repeat.
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

/**
 * Checks the URL: nodemailer would fail late, and without saying why. It takes options from the URL's query, and the last word
 * about TLS is ours.
 */
function addressOf(server: Secret, channel: string): string {
  const text = server.reveal();
  if (!/^smtps?:\/\/./i.test(text) || !URL.canParse(text))
    throw notConfigured(`channels.email.${channel}.server is not an smtp:// or smtps:// URL`);
  const url = new URL(text);
  if (url.protocol === 'smtps:' || isLoopbackHost(url.hostname)) return text;
  url.searchParams.delete('secured');
  url.searchParams.set('requireTLS', 'true');
  return url.href;
}

/** Removes line breaks: one in a subject would let a payload add headers. */
function oneLine(subject: string): string {
  return subject
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500);
}

/** Quotes codes only: a server's text may quote what was sent to it. */
function failureOf(error: SmtpError, channel: string): Error {
  const { code, responseCode } = error;
  const said = `the mail server of channel ${channel} failed: ${[causeOf(error), responseCode].filter(Boolean).join(' ')}`;
  // 454 is a temporary failure of the server, and not a wrong password: https://www.rfc-editor.org/rfc/rfc4954#section-6
  if (code === 'EAUTH' && (responseCode === undefined || responseCode >= 500))
    return notConfigured(`${said}; correct the user and password of channels.email.${channel}.server`);
  if (code === 'ETLS' && responseCode !== undefined)
    return notConfigured(
      `${said}; it offers no TLS (STARTTLS), without which mail goes to this machine alone: give ` +
        `channels.email.${channel}.server a server that does, or its smtps:// address`,
    );
  if (responseCode !== undefined && responseCode >= 500) return refused(said);
  if (code === 'EENVELOPE' && responseCode === undefined)
    return notConfigured(`${said}; correct channels.email.${channel}.from and to`);
  return unavailable(said);
}
