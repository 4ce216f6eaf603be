import type { ChildProcess } from 'node:child_process';
import { withDeadline } from '../../async/deadline.js';
import type { Logger } from '../../log.js';
import type { Backend } from '../../store/backend.js';
import { answerCall } from '../../store/shared-store.js';
import type { Death } from '../processes/blame/life.js';
import { watchAnswers } from './answer-watch.js';
import { forkWorker, takeAhead } from './fork.js';
import type { Beginning, FromWorker, Refusal, RequestKind, Running, ToWorker } from './messages.js';
import { waitedForCoreMs } from './waited-for-core.js';

/** What {@link startChild} works with. */
export interface ChildDeps {
  readonly beginning: Omit<Beginning, 'sharesStore'>;
  /** One that was started ahead of time: it is taken if it is still there. */
  readonly ahead?: ChildProcess | undefined;
  /** The store of this process, where the worker can't have one of its own. */
  readonly backend: Backend | undefined;
  readonly log: Logger;
  /** Called when it runs. */
  readonly onRuns: (running: Running) => void;
  /** Called when one that was careful is so no more. */
  readonly onRelaxed: () => void;
  /** Called once, when the process has ended. */
  readonly onEnd: (end: ChildEnd) => void;
}

/** How a process ended. */
export interface ChildEnd {
  /** The signal or the exit code, or why it could not be started. */
  readonly because: string;
  /** Undefined where it could not be started. */
  readonly death?: { readonly pid: number; readonly how: Death } | undefined;
  /** Set where it could not be started. */
  readonly refused?: Refusal | undefined;
  /** For how long it was there, in milliseconds. */
  readonly livedMs: number;
}

/** One worker process, from its start to its end. */
export interface Child {
  readonly pid: number | undefined;
  /** Whether it has said that it runs. */
  runs(): boolean;
  /** Makes the dispatcher look into the inbox at once. */
  wake(): void;
  /** Resolves to the answer. Rejects with what it says, when it ends, or when the time is over. */
  ask(question: RequestKind, ms: number): Promise<string>;
  /** Asks it to stop in order. */
  stop(): void;
  kill(): void;
}

const HELD =
  'the worker process does not answer, as with an endless loop in an activity: it is ended and started again';
const NOT_LOADED = 'the worker process does not come up: it is ended and started again';

/** Starts the process. It is ended by force when it does not answer. */
export function startChild({ beginning, ahead, backend, log, onRuns, onRelaxed, onEnd }: ChildDeps): Child {
  const since = performance.now();
  const process = takeAhead(ahead) ?? forkWorker({ besideReceiver: beginning.dispatches });
  const waiting = new Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let runs = false;
  let refused: ChildEnd['refused'];
  let isWaking = false;
  let isHeld = false;

  const send = (message: ToWorker, sent: () => void = () => undefined) => {
    if (process.connected) process.send(message, sent);
    else sent();
  };
  const ask: Child['ask'] = (question, ms) => {
    lastId += 1;
    const id = lastId;
    const answer = () =>
      new Promise<string>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        send({ kind: question, id });
      });
    return withDeadline({ ms }, answer).finally(() => waiting.delete(id));
  };
  const watch = watchAnswers({
    ping: (ms) => ask('ping', ms),
    waitedMs: () => (process.pid === undefined ? undefined : waitedForCoreMs(process.pid)),
    onSilent({ forMs, withoutCoreMs, hasLoaded }) {
      log.error({ pid: process.pid, forMs, withoutCoreMs }, hasLoaded ? HELD : NOT_LOADED);
      isHeld = true;
      process.kill('SIGKILL');
    },
  });

  process.on('message', (message: FromWorker) => {
    watch.heard();
    switch (message.kind) {
      case 'runs':
        runs = true;
        onRuns(message);
        break;
      case 'relaxed':
        onRelaxed();
        break;
      case 'refused':
        refused = message;
        break;
      case 'answer':
        waiting.get(message.id)?.resolve(message.text);
        break;
      case 'failed':
        waiting.get(message.id)?.reject(new Error(message.message));
        break;
      case 'store':
        if (backend) void answerCall(backend, message.call).then((answer) => send({ kind: 'stored', answer }));
        break;
      default:
        message satisfies never;
    }
  });
  const end = (how: string, death?: ChildEnd['death']) => {
    watch.stop();
    for (const { reject } of waiting.values()) reject(new Error('the worker process ended'));
    onEnd({
      because: refused?.message ?? how,
      refused,
      death,
      livedMs: performance.now() - since,
    });
  };
  process.once('exit', (code, signal) => {
    const how = isHeld ? 'held' : signal === 'SIGKILL' ? 'killed' : 'crashed';
    end(signal ?? `exit code ${code}`, process.pid === undefined ? undefined : { pid: process.pid, how });
  });
  process.on('error', (error) => {
    log.debug({ err: error }, 'the worker process could not be reached');
    // It was never there, and so can't exit.
    if (process.pid === undefined) end(error.message);
  });
  send({ kind: 'begin', ...beginning, sharesStore: backend !== undefined });

  return {
    pid: process.pid,
    runs: () => runs,
    wake() {
      // One at a time: a process that hangs must not be sent thousands.
      if (isWaking) return;
      isWaking = true;
      send({ kind: 'wake' }, () => {
        isWaking = false;
      });
    },
    ask,
    stop: () => send({ kind: 'stop' }),
    kill: () => void process.kill('SIGKILL'),
  };
}
