/** Activities that send messages to people. */
export interface NotifyActivities {
  notifySlack(input: SlackMessage): Promise<void>;
  notifyEmail(input: EmailMessage): Promise<void>;
  notifySms(input: SmsMessage): Promise<void>;
}

/** A message to a Slack channel. */
export interface SlackMessage {
  /** Name under `channels.slack`. */
  readonly channel: string;
  readonly text: string;
}

/** A message by e-mail. */
export interface EmailMessage {
  /** Name under `channels.email`. */
  readonly channel: string;
  readonly subject: string;
  readonly text: string;
  /** Same on every attempt: becomes the `Message-ID`, so a mail server can see a repeat. */
  readonly id: string;
}

/** A message by SMS. */
export interface SmsMessage {
  /** Name under `channels.sms`. */
  readonly channel: string;
  readonly text: string;
}
