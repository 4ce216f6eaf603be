/** From when until when a run was open, in Unix ms, by Temporal's clock. An open run has no end. */
export interface Span {
  readonly run: string;
  readonly from: number;
  readonly to: number;
}

/** Returns the most runs that were open at one moment. One that begins where another ends is not beside it. */
export function mostAtOnce(spans: readonly Span[]): number {
  const changes = spans.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  let open = 0;
  let most = 0;
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}
