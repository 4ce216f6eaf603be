const PING_MS = 5_000;
/** It may be silent for so long. */
const SILENT_MS = 30_000;
/**
 * The same where that says little: before it has said anything, since it loads its modules, and where others have each core. Beside a
 * receiver that wants the only one, what it does at one go takes four times as long.
 */
const LONGEST_MS = 180_000;
/** So much of its silence it has not waited for a core: with less, it need not be held by anything. */
const OWN_MS = 10_000;

/** What {@link watchAnswers} works with. */
export interface AnswerWatchDeps {
  /** Resolves when the process answers; rejects after so many milliseconds. */
  readonly ping: (ms: number) => Promise<unknown>;
  /** Returns for how long it has waited for a core since it began, in milliseconds; undefined where that is not known. */
  readonly waitedMs: () => number | undefined;
  /** Called once, when it is silent for too long. */
  readonly onSilent: (silence: Silence) => void;
}

/** How a process is silent. */
export interface Silence {
  readonly forMs: number;
  /** For how much of that it waited for a core that others had. */
  readonly withoutCoreMs: number;
  readonly hasLoaded: boolean;
}

/** Watches whether a process answers. */
export interface AnswerWatch {
  /** Is told of each message of the process. */
  heard(): void;
  stop(): void;
}

/**
 * Asks a process every five seconds whether it answers: it may be silent for half a minute. Until it has loaded, and where it had a core
 * for less than ten seconds of that, it may be for up to three minutes.
 */
export function watchAnswers({ ping, waitedMs, onSilent }: AnswerWatchDeps): AnswerWatch {
  let unanswered = 0;
  let hasLoaded = false;
  let isTold = false;
  /** By the time of the first question that it has not answered. */
  let waitedBefore: number | undefined;
  const heard = () => {
    hasLoaded = true;
    unanswered = 0;
  };
  const silence = (): Silence => {
    const waited = waitedMs();
    const withoutCoreMs = waited === undefined || waitedBefore === undefined ? 0 : Math.round(waited - waitedBefore);
    return { forMs: unanswered * PING_MS, withoutCoreMs, hasLoaded };
  };
  const timer = setInterval(() => {
    if (unanswered === 0) waitedBefore = waitedMs();
    else if (!isTold) {
      const now = silence();
      isTold = isTooLong(now);
      if (isTold) onSilent(now);
    }
    unanswered += 1;
    ping(SILENT_MS).then(heard, () => undefined);
  }, PING_MS);
  return { heard, stop: () => clearInterval(timer) };
}

function isTooLong({ forMs, withoutCoreMs, hasLoaded }: Silence): boolean {
  if (forMs >= LONGEST_MS) return true;
  return hasLoaded && forMs >= SILENT_MS && forMs - withoutCoreMs >= OWN_MS;
}
