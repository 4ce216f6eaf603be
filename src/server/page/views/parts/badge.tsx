import type { ComponentChildren } from 'preact';

/** How something stands. Each has a colour and a sign of its own, so that colour is never all that tells. */
export type Mood = 'passed' | 'failed' | 'running' | 'waiting' | 'cancelled' | 'superseded' | 'skipped' | 'unknown';

/** A word on how something stands. */
export function Badge({ mood, children }: { readonly mood: Mood; readonly children: ComponentChildren }) {
  return <span class={`badge ${mood}`}>{children}</span>;
}
