/** Keeps the code of runs and authors' activities from being at work at the same time. */
export interface TakingTurns {
  /** Resolves when the code of a run has begun, which waits for activities. */
  codeBegins(): Promise<void>;
  codeEnds(): void;
  /** Resolves when an activity has begun, which waits for code, to what has to be called when it ends. */
  stepBegins(): Promise<() => void>;
  /** Lets all that wait begin, and keeps nobody waiting any more. */
  end(): void;
}

/**
 * Returns what has the code of runs and authors' activities take turns: whoever comes first is waited for. `patienceMs`: how long
 * after an activity has begun code waits for it at most, in milliseconds; undefined: until it ends.
 */
export function takingTurns(patienceMs: number | undefined): TakingTurns {
  let code: Wait | undefined;
  const steps = new Set<Wait>();
  let over = false;
  return {
    async codeBegins() {
      while (!over && steps.size > 0) await Promise.race([...steps].map(({ done }) => done));
      code = createWait();
    },
    codeEnds() {
      code?.end();
      code = undefined;
    },
    async stepBegins() {
      while (!over && code) await code.done;
      const step = createWait();
      steps.add(step);
      const end = () => {
        steps.delete(step);
        step.end();
      };
      const patience = patienceMs === undefined ? undefined : setTimeout(end, patienceMs).unref();
      return () => {
        clearTimeout(patience);
        end();
      };
    },
    end() {
      over = true;
      code?.end();
      for (const step of steps) step.end();
    },
  };
}

interface Wait {
  readonly done: Promise<void>;
  end(): void;
}

function createWait(): Wait {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { done, end };
}
