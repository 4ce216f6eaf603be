import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Config } from '../../config/config.js';
import { built } from '../../paths.js';
import type { KnownSources } from '../../providers/known-sources.js';
import { withoutSecrets } from '../../providers/source-without-secrets.js';
import type { Sender } from '../delivery.js';
import type { Understood, VerifiedRequest } from '../understand.js';
import type { FromThread, ThreadOptions, ToThread } from './protocol.js';
import { createTurns } from './source-turns.js';

/** Reads bodies that would hold everything else up. */
export interface LargeBodyReader {
  /** Does what {@link understand} does, elsewhere. Takes the body's memory. Rejects when it can't be done at all. */
  read(sender: Sender, request: VerifiedRequest): Promise<Understood>;
}

/** Bounds on the thread. */
export interface ReaderLimits {
  /** For one body, in milliseconds. */
  readonly deadlineMs: number;
  /** Of the thread, beside the bodies themselves. */
  readonly memoryMb: number;
  /** How long a thread with nothing to do stays, in milliseconds: its memory is not little. */
  readonly idleMs: number;
}

const DEFAULTS: ReaderLimits = { deadlineMs: 20_000, memoryMb: 768, idleMs: 30_000 };

/**
 * Creates a reader with one thread, which is started when there is something to read and ended when there has been nothing for
 * a while. Sources take turns. A body that takes too long or too much memory ends the thread, and no other body.
 */
export function createLargeBodyReader({
  sources,
  inbox,
  limits,
}: {
  readonly sources: KnownSources;
  readonly inbox: Pick<Config['inbox'], 'repeatedBodyHours'>;
  readonly limits?: Partial<ReaderLimits>;
}): LargeBodyReader {
  const { deadlineMs, memoryMb, idleMs } = { ...DEFAULTS, ...limits };
  const turns = createTurns();
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;

  function started(): Worker {
    clearTimeout(idle);
    if (thread) return thread;
    const named = Object.entries(sources).map(([name, { source }]) => [name, withoutSecrets(source)] as const);
    const workerData: ThreadOptions = {
      sources: Object.fromEntries(named),
      repeatedBodyHours: inbox.repeatedBodyHours,
    };
    const worker = new Worker(built('cli/processes/large-body-thread.js'), {
      name: 'large bodies',
      workerData,
      // It reads no environment, so it gets none: no secret is in reach of it.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    worker.unref();
    worker.on('error', () => undefined).once('exit', () => forget(worker));
    thread = worker;
    return worker;
  }

  function forget(worker: Worker): void {
    if (thread === worker) thread = undefined;
  }

  function end(worker: Worker): void {
    forget(worker);
    void worker.terminate();
  }

  /** Resolves to the thread's answer, or to why it has none. Rejects where the body is not to blame. */
  async function ask(
    { name, headers }: Sender,
    { raw, receivedAt }: VerifiedRequest,
  ): Promise<FromThread | 'memory' | 'time'> {
    const worker = started();
    const done = new AbortController();
    const { signal } = done;
    const answered = once(worker, 'message', { signal }).then(([answer]) => answer as FromThread);
    const ended = once(worker, 'exit', { signal }).then(() => {
      throw new Error('The thread that reads large bodies ended.');
    });
    const late = wait(deadlineMs, 'time' as const, { signal, ref: false });
    try {
      const message: ToThread = { source: name, headers, receivedAt, ...memoryOf(raw.body) };
      worker.postMessage(message, [message.memory]);
      return await Promise.race([answered, ended, late]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return 'memory';
      throw error;
    } finally {
      done.abort();
    }
  }

  return {
    read: (sender, request) =>
      turns.take(sender.name, async () => {
        const answer = await ask(sender, request);
        if (answer === 'memory' || answer === 'time') {
          if (thread) end(thread);
          const because =
            answer === 'time'
              ? `reading the body takes longer than ${deadlineMs / 1_000} s`
              : `reading the body takes more than ${memoryMb} MB of memory`;
          return { kind: 'too large', because };
        }
        idle = setTimeout(() => thread && end(thread), idleMs).unref();
        if (answer.kind === 'failed') throw new Error(`A large body could not be read: ${answer.message}`);
        const { understood, body } = answer;
        if (!('delivery' in understood)) return understood;
        return { ...understood, delivery: { ...understood.delivery, body: Buffer.from(body) } };
      }),
  };
}

/**
 * Returns the memory of a body, from its beginning on. Only what can grow was made for one body: all other is little, and
 * copied, since Node lets small buffers share memory and gives that to no thread.
 */
function memoryOf(body: Buffer): { memory: ArrayBuffer; bytes: number } {
  const { buffer, byteOffset, length: bytes } = body;
  const isOwn = buffer instanceof ArrayBuffer && buffer.resizable && byteOffset === 0;
  return { memory: isOwn ? buffer : new Uint8Array(body).buffer, bytes };
}
