import type { Logger } from '../log.js';

export interface Lifecycle {
  /** Registers how a part is stopped. The last started is stopped first. */
  onStop(part: string, stop: () => Promise<void>, deadlineMs?: number): void;
  /** Resolves when a signal came or a part failed, and everything has been stopped since. Answers the exit code. */
  untilStopped(failures: readonly Promise<never>[]): Promise<number>;
  /** Stops what has been started. */
  stop(): Promise<boolean>;
}

interface Part {
  readonly name: string;
  readonly stop: () => Promise<void>;
  readonly deadlineMs: number;
}

/** Starts and stops a process's parts in order, each within its deadline. */
export function createLifecycle(log: Logger): Lifecycle {
  const parts: Part[] = [];
  const stop = async (): Promise<boolean> => {
    let clean = true;
    for (let part = parts.pop(); part; part = parts.pop()) {
      log.debug(`stopping ${part.name}`);
      try {
        await within(part.deadlineMs, part.stop());
      } catch (error) {
        clean = false;
        log.error({ err: error }, `${part.name} did not stop cleanly`);
      }
    }
    return clean;
  };
  return {
    onStop: (name, fn, deadlineMs = 15_000) => parts.push({ name, stop: fn, deadlineMs }),
    stop,
    async untilStopped(failures) {
      const reason = await firstReason(failures);
      if (reason instanceof Error) log.fatal({ err: reason }, 'a part failed: stopping');
      else log.info(`${reason}: stopping; once more ends at once`);
      const impatient = () => process.exit(130);
      process.on('SIGINT', impatient).on('SIGTERM', impatient);
      const clean = await stop();
      log.info('stopped');
      return reason instanceof Error || !clean ? 1 : 0;
    },
  };
}

function firstReason(failures: readonly Promise<never>[]): Promise<Error | string> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      resolve(signal);
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    for (const failure of failures) failure.catch(resolve);
  });
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms / 1000} s`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
