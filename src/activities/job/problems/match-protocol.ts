import type { Match } from './apply-matcher.js';
import type { Matcher } from './matcher.js';

/** What the thread is started with. */
export interface MatchThreadData {
  /** Two 32-bit numbers: the matcher at work, and how often one has ended or lines were begun: 0 while it starts. */
  readonly progress: SharedArrayBuffer;
}

/** What the thread is told: which matchers there are from now on, or lines to look at. */
export type ToMatchThread =
  | { readonly kind: 'matchers'; readonly matchers: readonly Matcher[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

/** What the thread has found in a piece of lines: at most one match for each, with its index. */
export interface FromMatchThread {
  readonly found: readonly { readonly index: number; readonly match: Match }[];
}
