import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../log.js';
import type { JobKey, LogStore, NewLogLine } from '../../store/store.js';

export interface JobLog {
  /** Resolves when there is room for more: whoever waits for it slows the job down to what the store takes. */
  write(lines: readonly Pick<NewLogLine, 'stream' | 'step' | 'text'>[]): Promise<void>;
  note(text: string): Promise<void>;
  /** Lines so far. */
  count(): number;
  /** The last lines, 4 kB at most. */
  tail(): string;
  /** Writes out what is waiting. */
  end(): Promise<void>;
}

export interface JobLogOptions {
  readonly logs: Pick<LogStore, 'append'>;
  readonly job: JobKey;
  readonly attempt: number;
  readonly mask: (line: string) => string;
  readonly log: Logger;
}

const FLUSH_MS = 200;
const BATCH_BYTES = 64 * 1024;
const WAITING_BYTES = 1024 * 1024;
/** Of one attempt. What comes after is dropped. */
const MOST_BYTES = 64 * 1024 * 1024;
const TAIL_BYTES = 4 * 1024;
const APPEND_TRIES = 5;

/** Writes a job's output to the log store as it comes, in batches, with secrets masked. */
export function createJobLog({ logs, job, attempt, mask, log }: JobLogOptions): JobLog {
  let waiting: NewLogLine[] = [];
  let waitingBytes = 0;
  let writtenBytes = 0;
  let count = 0;
  let tail: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    flushing = flushing.then(async () => {
      const batch = waiting;
      if (batch.length === 0) return;
      waiting = [];
      waitingBytes = 0;
      await append(batch);
    });
    return flushing;
  };
  const append = async (batch: NewLogLine[]) => {
    for (let attemptNo = 1; ; attemptNo++) {
      try {
        return await logs.append(job, batch);
      } catch (error) {
        if (attemptNo < APPEND_TRIES) await wait(250 * 2 ** attemptNo);
        // A build is worth more than the record of its output.
        else
          return log.error(
            { err: error, run: job.workflowId, job: job.job, lines: batch.length },
            'output of a job was lost',
          );
      }
    }
  };
  const add = (line: Pick<NewLogLine, 'stream' | 'step' | 'text'>) => {
    const text = mask(line.text);
    const bytes = Buffer.byteLength(text) + 64;
    const isOver = writtenBytes > MOST_BYTES && line.stream !== 'note';
    writtenBytes += bytes;
    if (isOver) return;
    const cut = writtenBytes > MOST_BYTES && line.stream !== 'note';
    waiting.push({ ...line, text: cut ? 'output is cut here: more than 64 MB' : text, at: Date.now(), attempt });
    waitingBytes += bytes;
    count += 1;
    tail = shortened([...tail, text]);
  };

  const jobLog: JobLog = {
    async write(lines) {
      lines.forEach(add);
      if (waitingBytes > BATCH_BYTES) void flush();
      else timer ??= setTimeout(() => void flush(), FLUSH_MS);
      if (waitingBytes > WAITING_BYTES) await flush();
    },
    note: (text) => jobLog.write([{ stream: 'note', text }]),
    count: () => count,
    tail: () => tail.join('\n').slice(-TAIL_BYTES),
    end: flush,
  };
  return jobLog;
}

function shortened(lines: string[]): string[] {
  let bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  let first = 0;
  while (bytes > TAIL_BYTES && first < lines.length - 1) bytes -= Buffer.byteLength(lines[first++] ?? '') + 1;
  return lines.slice(first);
}
