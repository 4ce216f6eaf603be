import { Agent } from 'undici';
import { cutToLength } from '../../events/truncate.js';
import { retryAfterMs } from '../../http/retry-after.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused, unavailable } from '../failures.js';
import { post } from '../outbound/post.js';
import { withLinks } from './approval-links.js';
import { channelOf, needed } from './channel.js';

/** In characters. Slack cuts longer ones: https://docs.slack.dev/reference/methods/chat.postMessage */
const MAX_TEXT = 40_000;

/** Posts a message to a channel's incoming webhook. The webhook's URL is a credential. */
export function createNotifySlack({ config }: ActivityDeps): Activities['notifySlack'] {
  const dispatcher = new Agent();
  return async function notifySlack({ channel, text: given, links }) {
    const text = withLinks(config, given, links);
    const { url } = channelOf(config.channels.slack, 'slack', channel);
    const { status, retryAfter, answer } = await post({
      to: `Slack channel ${channel}`,
      allowOption: '',
      url: addressOf(needed(url, `channels.slack.${channel}.url`).reveal(), channel),
      dispatcher,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ text: cutToLength(text, MAX_TEXT) }),
    });
    if (status >= 200 && status < 300) return;
    // Slack's error codes have only these letters; an answer that quotes the webhook's token has others.
    const said = `Slack answered ${status}${/^[a-z_]{1,60}$/.test(answer) ? ` (${answer})` : ''} for channel ${channel}`;
    if (status === 429 || status >= 500) throw unavailable(said, retryAfterMs(retryAfter, Date.now()));
    if (status === 403 || status === 404 || status === 410)
      throw notConfigured(`${said}: set channels.slack.${channel}.url to a webhook that exists`);
    throw refused(said);
  };
}

function addressOf(url: string, channel: string): string {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw notConfigured(`channels.slack.${channel}.url is not an http or https URL`);
  return url;
}
