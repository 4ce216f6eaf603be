import type { ApprovalRef, Person } from '../../runs/approval.js';

/** Activities that send messages to people. */
export interface NotifyActivities {
  notifySlack(input: SlackMessage): Promise<void>;
  notifyEmail(input: EmailMessage): Promise<void>;
  notifySms(input: SmsMessage): Promise<void>;
}

/**
 * What a message may hold in place of a link that carries an answer: the link itself is a secret, and is only made where it is sent.
 * By the text that stands for each.
 */
export type ApprovalLinks = Readonly<Record<string, ApprovalLink>>;

/** An answer that a link carries. */
export interface ApprovalLink extends ApprovalRef {
  readonly person: Person;
  readonly sha?: string | undefined;
  /** Unix ms. */
  readonly expiresAt: number;
}

interface Linking {
  readonly links?: ApprovalLinks;
}

/** A message to a Slack channel. */
export interface SlackMessage extends Linking {
  /** Name under `channels.slack`. */
  readonly channel: string;
  readonly text: string;
}

/** A message by e-mail. */
export interface EmailMessage extends Linking {
  /** Name under `channels.email`. */
  readonly channel: string;
  readonly subject: string;
  readonly text: string;
  /** Same on every attempt: becomes the `Message-ID`, so a mail server can see a repeat. */
  readonly id: string;
}

/** A message by SMS. */
export interface SmsMessage extends Linking {
  /** Name under `channels.sms`. */
  readonly channel: string;
  readonly text: string;
}
