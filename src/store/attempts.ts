import { StringDecoder } from 'node:string_decoder';
import type { AttemptRow, Backend } from './backend.js';
import type { AttemptStore, OutboundAttempt } from './store.js';
import { withoutNul } from './without-nul.js';

const MAX_ANSWER_BYTES = 16 * 1024;

/** Returns the attempts over any database. Cuts answers before they are sent there. */
export function createAttemptStore(backend: Backend): AttemptStore {
  return {
    add({ error, answer, ...attempt }) {
      const shown = answer === undefined ? undefined : beginningOf(withoutNul(answer));
      return backend.call(
        'addAttempt',
        {
          ...attempt,
          ...(error !== undefined && { error: withoutNul(error) }),
          ...(shown !== undefined && { answer: shown }),
        },
        { bytes: shown?.length ?? 0 },
      );
    },
    list: async (filter) => (await backend.call('listAttempts', filter)).map(toAttempt),
    prune: (options) => backend.call('pruneAttempts', options),
  };
}

/** Cuts an answer. A decoder leaves out the half of a character that the cut may leave. */
function beginningOf(answer: string): string {
  const bytes = Buffer.from(answer);
  return bytes.length <= MAX_ANSWER_BYTES
    ? answer
    : new StringDecoder('utf8').write(bytes.subarray(0, MAX_ANSWER_BYTES));
}

function toAttempt({ run, status, error, answer, ...always }: AttemptRow): OutboundAttempt {
  return {
    ...always,
    ...(run !== null && { run }),
    ...(status !== null && { status }),
    ...(error !== null && { error }),
    ...(answer !== null && { answer }),
  };
}
