import { Context } from '@temporalio/activity';
import { Agent } from 'undici';
import type { Activities } from './contract.js';
import type { ActivityDeps } from './deps.js';
import { channelOf, needed } from './notify/channel.js';
import { post } from './outbound/post.js';
import { notConfigured, refused, unavailable } from './remote/failure.js';
import { retryAfterMs } from './remote/retry-delay.js';

/** Twilio refuses longer ones: https://www.twilio.com/docs/messaging/api/message-resource */
const LONGEST_TEXT = 1_600;

/** Texts every recipient of a channel through Twilio's API. Those who have got it are not texted again by a retry. */
export function createNotifySms({ config }: ActivityDeps): Activities['notifySms'] {
  const dispatcher = new Agent();
  return async function notifySms({ channel, text }) {
    const { accountSid, authToken, from, to, apiUrl } = channelOf(config.channels.sms, 'sms', channel);
    const token = needed(authToken, `channels.sms.${channel}.authToken`);
    const context = Context.current();
    const done = new Set<string>((context.info.heartbeatDetails as string[] | undefined) ?? []);
    for (const recipient of to) {
      if (done.has(recipient)) continue;
      const { status, retryAfter, answer } = await post({
        to: `Twilio for channel ${channel}`,
        allowOption: '',
        url: `${apiUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`,
        dispatcher,
        headers: {
          authorization: `Basic ${Buffer.from(`${accountSid}:${token.reveal()}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ To: recipient, From: from, Body: text.slice(0, LONGEST_TEXT) }).toString(),
      });
      if (status >= 300) throw failureOf({ channel, status, retryAfter, answer });
      done.add(recipient);
      context.heartbeat([...done]);
    }
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
}): Error {
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
