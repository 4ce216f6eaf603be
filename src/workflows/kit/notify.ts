import { uuid4 } from '@temporalio/workflow';
import { service } from '../run/activities.js';
import { linksIn } from '../run/approval-links.js';
import { runStep } from '../run/step.js';
import { refuseUnknown } from './known-options.js';
import { REQUIRES, requireTexts } from './required-texts.js';

/**
 * Escapes text from a payload for a Slack message, so that it can't mention a channel or hide a link: a tag may be
 * called `<!channel>`. Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
 *
 * @example
 * import { automation, notify, slackText, tag } from 'hookyard/workflow';
 *
 * export const announce = automation({ on: tag({ tags: ['v*'] }) }, async (event) => {
 *   await notify.slack('releases', `*${slackText(event.tag)}* of ${slackText(event.repository.fullName)} is out`);
 * });
 */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Sends messages to people, over channels that the configuration names. Each function throws when its message can't be
 * delivered within an hour, or at once when the service refuses it.
 *
 * @example
 * import { automation, notify, push, runJob } from 'hookyard/workflow';
 *
 * export const ci = automation({ on: push({ branches: ['main'] }) }, async (event) => {
 *   const { passed } = await runJob(event, { name: 'test', steps: ['npm test'] });
 *   if (passed) return;
 *   await notify.slack('builds', 'main is broken');
 *   await notify.email('team', { subject: 'main is broken', text: 'See the commit status.' });
 *   await notify.sms('on-call', 'main is broken');
 * });
 */
export const notify = {
  /** Posts to `channels.slack.<channel>`; the text is Slack's mrkdwn. */
  slack(channel: string, text: string): Promise<void> {
    return runStep(`Slack ${channel}`, () => {
      requireTexts('notify.slack', { channel, text });
      return service.notifySlack.executeWithOptions({ summary: channel }, [{ channel, text, ...linksIn(text) }]);
    });
  },

  /** Sends an email to `channels.email.<channel>`; the text is plain. */
  email(channel: string, message: { subject: string; text: string }): Promise<void> {
    const id = uuid4();
    return runStep(`Mail ${channel}`, () => {
      refuseUnknown('notify.email', message, { subject: true, text: true }, REQUIRES);
      requireTexts('notify.email', { channel, subject: message.subject, text: message.text });
      return service.notifyEmail.executeWithOptions({ summary: channel }, [
        { channel, ...message, id, ...linksIn(message.text) },
      ]);
    });
  },

  /** Sends a text message to everyone in `channels.sms.<channel>`. */
  sms(channel: string, text: string): Promise<void> {
    return runStep(`SMS ${channel}`, () => {
      requireTexts('notify.sms', { channel, text });
      return service.notifySms.executeWithOptions({ summary: channel }, [{ channel, text, ...linksIn(text) }]);
    });
  },
};
