import { withDeadline } from '../../async/deadline.js';
import type { Logger } from '../../log.js';

/** Stops the parts of a process in order. */
export interface Lifecycle {
  /** Registers how a part is stopped. The part that was started last is stopped first. Default deadline: 15 s. */
  onStop(part: string, stop: () => Promise<void>, deadlineMs?: number): void;
  /** Resolves to the exit code once it was asked to stop, or a part {@link fail failed}, and everything has been stopped. */
  untilStopped(): Promise<number>;
  /** Reports that a part can't go on: all others are stopped too. */
  fail(error: unknown): void;
  /** Whether the process is being stopped. */
  stopping(): boolean;
  /** Stops all parts, after those that are being stopped already; false if one did not stop cleanly. */
  stop(): Promise<boolean>;
}

interface Part {
  readonly name: string;
  readonly stop: () => Promise<void>;
  readonly deadlineMs: number;
}

/** npm passes Ctrl-C on to a process that has had it from the terminal already: two within this time are one. */
const SAME_SIGNAL_MS = 1_000;
/** SIGHUP: the terminal was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Creates what stops a process's parts in order, each within its deadline. `asked` resolves to why the process should stop;
 * without it, signals stop it.
 */
export function createLifecycle(log: Logger, { asked }: { asked?: Promise<string> } = {}): Lifecycle {
  const parts: Part[] = [];
  let isStopping = false;
  let fail: (error: unknown) => void = () => undefined;
  const failure = new Promise<Error>((resolve) => {
    fail = (error) => resolve(error instanceof Error ? error : new Error(String(error)));
  });
  const stopAll = async (): Promise<boolean> => {
    let clean = true;
    for (let part = parts.pop(); part; part = parts.pop()) {
      const { name, deadlineMs, stop: end } = part;
      log.debug(`stopping ${name}`);
      try {
        const error = () => new Error(`not stopped after ${deadlineMs / 1000} s`);
        await withDeadline({ ms: deadlineMs, error }, end);
      } catch (error) {
        clean = false;
        log.error({ err: error }, `${name} did not stop cleanly`);
      }
    }
    return clean;
  };
  let stopped = Promise.resolve(true);
  const stop = (): Promise<boolean> => {
    isStopping = true;
    stopped = stopped.then(async (clean) => (await stopAll()) && clean);
    return stopped;
  };
  return {
    onStop(name, fn, deadlineMs = 15_000) {
      parts.push({ name, stop: fn, deadlineMs });
      // It was started while the others were being stopped.
      if (isStopping) void stop();
    },
    stop,
    fail,
    stopping: () => isStopping,
    async untilStopped() {
      const reason = await Promise.race([asked ?? signal(), failure]);
      if (reason instanceof Error) log.fatal({ err: reason }, 'a part failed: stopping');
      else if (asked) log.debug(`${reason}: stopping in order`);
      else log.info(`${reason}: stopping in order; once more ends at once`);
      const since = Date.now();
      const impatient = () => {
        if (Date.now() - since > SAME_SIGNAL_MS) process.exit(130);
      };
      if (!asked) process.on('SIGINT', impatient).on('SIGTERM', impatient).on('SIGHUP', ignore);
      const clean = await stop();
      process.off('SIGINT', impatient).off('SIGTERM', impatient).off('SIGHUP', ignore);
      if (!asked) log.info('stopped');
      return reason instanceof Error || !clean ? 1 : 0;
    },
  };
}

/** Ignores a signal. A terminal that is closed sends SIGHUP more than once, itself and by its shell. */
function ignore(): void {}

function signal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (name: NodeJS.Signals) => {
      for (const each of SIGNALS) process.off(each, onSignal);
      resolve(name);
    };
    for (const each of SIGNALS) process.on(each, onSignal);
  });
}
