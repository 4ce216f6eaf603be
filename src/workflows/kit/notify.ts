import { uuid4 } from '@temporalio/workflow';
import { service } from '../run/activities.js';
import { told } from '../run/step.js';

/**
 * Text from a payload for a Slack message, so that it can't mention a channel or hide a link: a tag may be called
 * `<!channel>`. Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Messages to people, over channels that the configuration names. Each throws when it can't be delivered. */
export const notify = {
  /** Posts to `channels.slack.<channel>`; the text is Slack's mrkdwn. */
  slack(channel: string, text: string): Promise<void> {
    return told(`Slack ${channel}`, () =>
      service.notifySlack.executeWithOptions({ summary: channel }, [{ channel, text }]),
    );
  },

  /** Mails `channels.email.<channel>`. */
  email(channel: string, message: { subject: string; text: string }): Promise<void> {
    const id = uuid4();
    return told(`Mail ${channel}`, () =>
      service.notifyEmail.executeWithOptions({ summary: channel }, [{ channel, ...message, id }]),
    );
  },

  /** Texts everyone of `channels.sms.<channel>`. */
  sms(channel: string, text: string): Promise<void> {
    return told(`SMS ${channel}`, () =>
      service.notifySms.executeWithOptions({ summary: channel }, [{ channel, text }]),
    );
  },
};
