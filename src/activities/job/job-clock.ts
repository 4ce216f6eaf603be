/** How long the clock of a job may stand still, all pauses together, in milliseconds. */
export const MOST_STILL_MS = 5 * 60_000;

/** Counts a job's own time: what passes between its steps, while its run's worker is busy, is none of it. */
export interface JobClock {
  /** Aborts when the job's time is over. */
  readonly limit: AbortSignal;
  /** Returns when that is, Unix ms, if the clock does not stand still again. */
  endsAt(): number;
  /** Has it stand still until {@link goOn}, for {@link MOST_STILL_MS} at most of all that it stands still. */
  standStill(): void;
  /** Has it go on. `counts`: the pause was one of the job's own, and counts after all. */
  goOn(how?: { readonly counts: boolean }): void;
  /** Ends it: the signal does not abort any more. */
  end(): void;
}

/** Returns a clock that goes, for a job that may take so many milliseconds. */
export function createJobClock(ms: number): JobClock {
  const limit = new AbortController();
  let [endsAt, leftStill] = [Date.now() + ms, MOST_STILL_MS];
  let since: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const abortAt = (at: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => limit.abort(), Math.max(0, at - Date.now()));
  };
  abortAt(endsAt);
  return {
    limit: limit.signal,
    endsAt: () => endsAt,
    standStill() {
      if (since !== undefined || limit.signal.aborted) return;
      since = Date.now();
      abortAt(endsAt + leftStill);
    },
    goOn({ counts } = { counts: false }) {
      if (since === undefined || limit.signal.aborted) return;
      const still = counts ? 0 : Math.min(Date.now() - since, leftStill);
      since = undefined;
      endsAt += still;
      leftStill -= still;
      abortAt(endsAt);
    },
    end: () => clearTimeout(timer),
  };
}
