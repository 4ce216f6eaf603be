import type { SourceWithoutSecrets } from '../../providers/source-without-secrets.js';
import type { SourceHeaders } from '../../providers/webhook-scheme.js';
import type { Delivery } from '../delivery.js';
import type { Understood } from '../understand.js';

/** What the thread is started with. */
export interface ThreadOptions {
  readonly sources: Readonly<Record<string, SourceWithoutSecrets>>;
  readonly repeatedBodyHours: number;
}

/** A message to the thread: one verified delivery, whose memory it gets. */
export interface ToThread {
  readonly source: string;
  readonly headers: SourceHeaders;
  readonly memory: ArrayBuffer;
  /** How much of the memory is the body, in bytes. */
  readonly bytes: number;
  /** Unix ms. */
  readonly receivedAt: number;
}

type WithoutBody<T> = T extends { readonly delivery: Delivery }
  ? Omit<T, 'delivery'> & { readonly delivery: Omit<Delivery, 'body'> }
  : T;

/** The thread's answer. The body of a delivery is beside it, in memory that holds nothing else. */
export type FromThread =
  | { readonly kind: 'understood'; readonly understood: WithoutBody<Understood>; readonly body: ArrayBuffer }
  | { readonly kind: 'failed'; readonly message: string };
