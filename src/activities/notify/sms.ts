import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { Agent } from 'undici';
import { cutToLength } from '../../events/truncate.js';
import { basic } from '../../http/auth-headers.js';
import { retryAfterMs } from '../../http/retry-after.js';
import type { Activities, FailureType } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused, unavailable } from '../failures.js';
import { post } from '../outbound/post.js';
import { withLinks } from './approval-links.js';
import { channelOf, needed } from './channel.js';

/** In characters. Twilio refuses longer ones: https://www.twilio.com/docs/messaging/api/message-resource */
const MAX_TEXT = 1_600;

/**
 * An attempt ends by itself before the activity's timeout of a minute. Temporal keeps the last heartbeat of an attempt
 * that fails; of one that times out, it may lack those of half a minute, and people would get a text twice.
 */
const ATTEMPT_MS = 40_000;

const REFUSED = 'Refused' satisfies FailureType;

/**
 * Sends a text to every recipient of a channel through Twilio's API. A retry skips those who have got it. A number that
 * Twilio refuses does not hold up the others: its refusal is thrown at the end.
 */
export function createNotifySms(
  { config }: ActivityDeps,
  { attemptMs = ATTEMPT_MS }: { attemptMs?: number } = {},
): Activities['notifySms'] {
  const dispatcher = new Agent();
  return async function notifySms({ channel, text: given, links }) {
    const text = withLinks(config, given, links);
    const { accountSid, authToken, from, to, apiUrl } = channelOf(config.channels.sms, 'sms', channel);
    const token = needed(authToken, `channels.sms.${channel}.authToken`);
    const context = Context.current();
    const done = new Set<string>((context.info.heartbeatDetails as string[] | undefined) ?? []);
    const before = done.size;
    const until = Date.now() + attemptMs;
    let refusal: ApplicationFailure | undefined;
    for (const recipient of to) {
      if (done.has(recipient)) continue;
      // Not before one was sent: each attempt must make progress.
      if (done.size > before && Date.now() >= until)
        throw unavailable(
          `Twilio is slow: sent to ${done.size} of ${to.length} recipients of channel ${channel}`,
          1_000,
        );
      const { status, retryAfter, answer } = await post({
        to: `Twilio for channel ${channel}`,
        allowOption: '',
        url: `${apiUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`,
        dispatcher,
        headers: {
          authorization: basic(accountSid, token.reveal()),
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ To: recipient, From: from, Body: cutToLength(text, MAX_TEXT) }).toString(),
      });
      if (status >= 300) {
        const failure = failureOf({ channel, status, retryAfter, answer });
        if (failure.type !== REFUSED) throw failure;
        refusal = failure;
        continue;
      }
      done.add(recipient);
      context.heartbeat([...done]);
    }
    if (refusal) throw refusal;
  };
}

function failureOf({
  channel,
  status,
  retryAfter,
  answer,
}: {
  channel: string;
  status: number;
  retryAfter: string | undefined;
  answer: string;
}): ApplicationFailure {
  const said = `Twilio answered ${status}${codeOf(answer)} for channel ${channel}`;
  if (status === 429 || status >= 500) return unavailable(said, retryAfterMs(retryAfter, Date.now()));
  if (status === 401 || status === 403)
    return notConfigured(`${said}: correct channels.sms.${channel}.accountSid and authToken`);
  return refused(said);
}

/** Returns Twilio's error code, which https://www.twilio.com/docs/api/errors explains. */
function codeOf(answer: string): string {
  const code = /"code"\s*:\s*(\d{1,6})\b/.exec(answer)?.[1];
  return code ? ` (error ${code})` : '';
}
