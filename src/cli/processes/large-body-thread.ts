import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { FromThread, ThreadOptions, ToThread } from '../../intake/large-bodies/protocol.js';
import { MAX_VALUES, type Understood, understand } from '../../intake/understand.js';
import { toKnownSource } from '../../providers/known-sources.js';
import { rawDelivery } from '../../providers/webhook-scheme.js';

if (parentPort) serve(parentPort, workerData as ThreadOptions);

/**
 * The thread that reads the bodies which would hold everything else up. It has no secrets: what it gets is verified. It lies
 * here because it puts together what to read deliveries of all providers takes.
 */
function serve(port: MessagePort, { sources, repeatedBodyHours }: ThreadOptions): void {
  const known = new Map(Object.entries(sources).map(([name, source]) => [name, toKnownSource(source)]));
  port.on('message', (message: ToThread) => {
    const { source: name, receivedAt } = message;
    const source = known.get(name);
    try {
      if (!source) throw new Error(`there is no source ${name}`);
      // No prototype: a header may be called anything.
      const headers: Record<string, string | undefined> = Object.assign(Object.create(null), message.headers);
      const body = bodyOf(message);
      const raw = rawDelivery({ headers, body, maxValues: source.source.maxValues ?? MAX_VALUES });
      const understood = understand({ ...source, name, headers }, { raw, receivedAt }, { repeatedBodyHours });
      // What is not stored is not given back either.
      const memory = 'delivery' in understood ? body.buffer : new ArrayBuffer(0);
      const answer: FromThread = { kind: 'understood', understood: withoutBody(understood), body: memory };
      port.postMessage(answer, [memory]);
    } catch (error) {
      const answer: FromThread = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
      port.postMessage(answer);
    }
  });
}

/** Returns the body in memory that holds nothing else, and so can be passed on to the store as it is. */
function bodyOf({ memory, bytes }: ToThread): Buffer<ArrayBuffer> {
  const own = new Uint8Array(bytes);
  own.set(new Uint8Array(memory, 0, bytes));
  if (memory.resizable) memory.resize(0);
  return Buffer.from(own.buffer);
}

function withoutBody(understood: Understood): (FromThread & { kind: 'understood' })['understood'] {
  if (!('delivery' in understood)) return understood;
  const { body: _, ...delivery } = understood.delivery;
  return { ...understood, delivery };
}
