import { Worker } from 'node:worker_threads';
import type { Logger } from '../../log.js';
import { type AdmissionLimits, createAdmission } from '../admission.js';
import type { Backend } from '../backend.js';
import { type Failure, toError } from '../failure.js';
import { StoreUnavailableError } from '../store.js';
import { createUnanswered } from '../unanswered.js';
import { createOutbox } from './outbox.js';
import { type FromThread, isDamage, type ToThread } from './protocol.js';

/** What may wait for the thread, and how long. */
export interface ThreadLimits extends AdmissionLimits {
  /** From the thread's start until it has the file open, in milliseconds. */
  readonly openMs: number;
  /** For each step of the schema's history that the file goes through, in milliseconds. */
  readonly migrateMs: number;
  /** For finishing what is under way at the end, in milliseconds. */
  readonly closeMs: number;
}

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/**
 * Starts the thread and waits until it has the file open. Throws the thread's error if it can't open it.
 *
 * If the thread is lost later, everything unanswered is refused with {@link StoreUnavailableError}; the first call
 * after a pause, which doubles with each loss in a row up to 30 s, starts another.
 */
export async function startThread(options: {
  /** Path of the thread's compiled module. */
  readonly module: string;
  readonly workerData: unknown;
  readonly limits: ThreadLimits;
  readonly log?: Logger;
}): Promise<Backend> {
  const { limits, log } = options;
  const admission = createAdmission(limits);
  const unanswered = createUnanswered();
  const outbox = createOutbox({
    post: (message, transfer) => worker?.postMessage(message, transfer),
    refuse: unanswered.refuse,
  });
  let worker: Worker | undefined;
  let closing: Promise<void> | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  /** By a monotonic clock, so that a pause never changes its length. */
  let notBefore = 0;

  /** Starts a thread; `opened` settles when it has the file open, or can't. */
  function spawn(): { opened: Promise<void> } {
    const started = new Worker(options.module, {
      name: 'store',
      workerData: options.workerData,
      // It reads no environment, so it gets none: no secret is in reach of it.
      env: {},
      execArgv: [],
    });
    worker = started;
    let problem: Failure = { kind: 'unavailable', message: 'The thread of the store ended.' };
    const opened = new Promise<void>((resolve, reject) => {
      const within = (ms: number) =>
        setTimeout(() => {
          problem = { kind: 'unavailable', message: `The store's file was not open within ${ms} ms.` };
          void started.terminate();
        }, ms);
      let tooLate = within(limits.openMs);
      started.on('message', (message: FromThread) => {
        switch (message.kind) {
          case 'ready':
            clearTimeout(tooLate);
            return resolve();
          case 'migrates': {
            const { step, of } = message;
            clearTimeout(tooLate);
            tooLate = within(limits.migrateMs);
            log?.info(
              { step, of },
              "the store's schema is brought up to date, which takes minutes where much is stored",
            );
            return;
          }
          case 'refused':
            problem = message.failure;
            return;
          case 'answers':
            pauseMs = FIRST_PAUSE_MS;
            return unanswered.answer(message.answers);
          default:
            return message satisfies never;
        }
      });
      started.on('error', ({ message }) => {
        const kind = isDamage({ message }) ? 'damaged' : 'unavailable';
        problem = { kind, message: `The thread of the store ended: ${message}` };
      });
      started.on('exit', () => {
        clearTimeout(tooLate);
        reject(toError(problem));
        worker = undefined;
        notBefore = performance.now() + pauseMs;
        pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
        outbox.clear();
        unanswered.refuseAll(toError(problem));
        if (!closing) log?.error({ because: problem.message }, 'the store is unavailable');
      });
    });
    return { opened };
  }

  /** Starts a thread if there is none. Throws {@link StoreUnavailableError} during the pause after a loss. */
  function ensureThread(): void {
    if (worker) return;
    if (performance.now() < notBefore)
      throw new StoreUnavailableError('The store is unavailable. It is tried again soon.');
    spawn().opened.then(
      () => log?.info('the store is available again'),
      // The calls that wait are rejected when the thread has ended.
      () => undefined,
    );
  }

  try {
    await spawn().opened;
  } catch (error) {
    void admission.close(0);
    throw error;
  }

  return {
    call: (operation, input, cargo = { bytes: 0 }) =>
      admission.admit(cargo.bytes, () => {
        ensureThread();
        return new Promise((resolve, reject) => {
          const id = unanswered.add({ resolve, reject });
          outbox.add({ request: { id, operation, input, bytes: cargo.bytes }, transfer: cargo.transfer ?? [] });
        });
      }),
    close() {
      outbox.flush();
      closing ??= Promise.all([admission.close(limits.closeMs), end(worker, limits.closeMs)]).then(() => undefined);
      return closing;
    },
  };
}

async function end(worker: Worker | undefined, closeMs: number): Promise<void> {
  if (!worker) return;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const request: ToThread = { kind: 'close' };
  worker.postMessage(request);
  const tooLate = setTimeout(() => void worker.terminate(), closeMs);
  await ended;
  clearTimeout(tooLate);
}
