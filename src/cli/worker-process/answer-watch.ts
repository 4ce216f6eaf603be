const PING_MS = 5_000;
/** So many pings without an answer: something holds its event loop for good. */
const MAX_PINGS = 6;
/** The same before it has said anything: it loads its modules, which takes long where the receiver wants the only core. */
const MAX_FIRST_PINGS = 36;

/** What {@link watchAnswers} works with. */
export interface AnswerWatchDeps {
  /** Resolves when the process answers; rejects after so many milliseconds. */
  readonly ping: (ms: number) => Promise<unknown>;
  /** Called when it has answered nothing for so long, in milliseconds. */
  readonly onSilent: (silence: { readonly forMs: number; readonly hasLoaded: boolean }) => void;
}

/** Watches whether a process answers. */
export interface AnswerWatch {
  /** Is told of each message of the process. */
  heard(): void;
  stop(): void;
}

/** Asks a process every five seconds whether it answers: it may be silent for half a minute, or for three until it has loaded. */
export function watchAnswers({ ping, onSilent }: AnswerWatchDeps): AnswerWatch {
  let unanswered = 0;
  let hasLoaded = false;
  const heard = () => {
    hasLoaded = true;
    unanswered = 0;
  };
  const timer = setInterval(() => {
    if (unanswered === (hasLoaded ? MAX_PINGS : MAX_FIRST_PINGS)) onSilent({ forMs: unanswered * PING_MS, hasLoaded });
    unanswered += 1;
    ping(MAX_PINGS * PING_MS).then(heard, () => undefined);
  }, PING_MS);
  return { heard, stop: () => clearInterval(timer) };
}
