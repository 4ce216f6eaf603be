import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { Agent } from 'undici';
import { basic } from '../../http/auth-headers.js';
import { retryAfterMs } from '../../http/retry-after.js';
import type { Activities, FailureType } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused, unavailable } from '../failures.js';
import { post } from '../outbound/post.js';
import { channelOf, needed } from './channel.js';

/** Twilio refuses longer ones: https://www.twilio.com/docs/messaging/api/message-resource */
const MAX_TEXT = 1_600;

/**
 * An attempt stops by itself before the activity's timeout of a minute stops it. Temporal keeps the last heartbeat of an
 * attempt that fails; of one that it cuts off, it may lack half a minute of them, and people would be texted again.
 */
const ATTEMPT_MS = 40_000;

const REFUSED = 'Refused' satisfies FailureType;

/**
 * Texts every recipient of a channel through Twilio's API. Those who have got it are not texted again by a retry, and a
 * number that Twilio refuses keeps the others from nothing: its refusal is thrown when they have got theirs.
 */
export function createNotifySms(
  { config }: ActivityDeps,
  { attemptMs = ATTEMPT_MS }: { attemptMs?: number } = {},
): Activities['notifySms'] {
  const dispatcher = new Agent();
  return async function notifySms({ channel, text }) {
    const { accountSid, authToken, from, to, apiUrl } = channelOf(config.channels.sms, 'sms', channel);
    const token = needed(authToken, `channels.sms.${channel}.authToken`);
    const context = Context.current();
    const done = new Set<string>((context.info.heartbeatDetails as string[] | undefined) ?? []);
    const before = done.size;
    const until = Date.now() + attemptMs;
    let refusal: ApplicationFailure | undefined;
    for (const recipient of to) {
      if (done.has(recipient)) continue;
      // Never without having texted anyone: each attempt brings the end nearer.
      if (done.size > before && Date.now() >= until)
        throw unavailable(`Twilio is slow: ${done.size} of ${to.length} of channel ${channel} have got theirs`, 1_000);
      const { status, retryAfter, answer } = await post({
        to: `Twilio for channel ${channel}`,
        allowOption: '',
        url: `${apiUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`,
        dispatcher,
        headers: {
          authorization: basic(accountSid, token.reveal()),
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ To: recipient, From: from, Body: text.slice(0, MAX_TEXT) }).toString(),
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

/** Twilio's own error code, to be looked up at https://www.twilio.com/docs/api/errors. */
function codeOf(answer: string): string {
  const code = /"code"\s*:\s*(\d{1,6})\b/.exec(answer)?.[1];
  return code ? ` (error ${code})` : '';
}
