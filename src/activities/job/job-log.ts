import { StringDecoder } from 'node:string_decoder';
import { backoffMs } from '../../async/backoff.js';
import { retry } from '../../async/retry.js';
import type { Logger } from '../../log.js';
import type { JobKey, LogStore, NewLogLine } from '../../store/store.js';
import { createLineSplitter, type LineCommands } from './lines.js';
import { createTail } from './tail.js';

/** The output of one attempt of a job, on its way to the store. */
export interface JobLog {
  /** Returns where to write one stream of one step. `onLine`: called with each line of it, secrets masked. */
  output(of: { stream: 'stdout' | 'stderr'; step: string }, onLine?: (text: string) => void): JobOutput;
  /** Adds a line of our own. */
  note(text: string, how?: NoteOptions): Promise<void>;
  /** Returns how many lines there are so far. */
  count(): number;
  /** Returns the last lines, 4 kB at most. */
  tail(): string;
  /** Writes the lines that wait to the store. */
  end(): Promise<void>;
}

/** How a line of our own is added. */
export interface NoteOptions {
  /** It is none of the last lines: what a step has printed stays the end of what people see of it. */
  readonly aside?: boolean;
}

/** A piece of output. */
export interface JobOutput {
  /** Resolves when there is room for more: waiting for it slows the job down to what the store takes. */
  write(chunk: Buffer | string): Promise<void>;
  /** Writes the last line, if it has no line break. */
  end(): Promise<void>;
}

/** Whose output a job log takes, and where to. */
export interface JobLogOptions {
  readonly logs: Pick<LogStore, 'append'>;
  readonly job: JobKey;
  readonly attempt: number;
  readonly mask: (text: string) => string;
  /** Lines of output that are none. */
  readonly commands?: LineCommands;
  readonly log: Logger;
  /** Output of one attempt, in bytes; what comes after is dropped. */
  readonly mostBytes?: number | undefined;
}

type Line = Pick<NewLogLine, 'stream' | 'step' | 'text'>;

const FLUSH_MS = 200;
const BATCH_BYTES = 64 * 1024;
const WAITING_BYTES = 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
/** What a line takes beside its text, roughly. */
const LINE_BYTES = 64;
const APPEND_TRIES = 5;
const PAUSE = { firstMs: 700, maxMs: 8_000 };

/** Writes a job's output to the log store as it comes, in batches, with secrets masked. */
export function createJobLog(options: JobLogOptions): JobLog {
  const { logs, job, attempt, mask, commands, log, mostBytes = MAX_BYTES } = options;
  let waiting: NewLogLine[] = [];
  let waitingBytes = 0;
  let outputBytes = 0;
  let isCut = false;
  let isAway = false;
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  const tail = createTail();

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
    // Only the first batch waits for a store that is away: its log must not slow a job down.
    const tries = isAway ? 1 : APPEND_TRIES;
    try {
      await retry(() => logs.append(job, batch), {
        again: (_, failed) => failed < tries,
        pauseMs: (failed) => backoffMs(failed, PAUSE),
      });
      isAway = false;
    } catch (error) {
      // A build is worth more than the record of its output.
      log.error(
        { err: error, run: job.workflowId, job: job.job, lines: batch.length },
        'output of a job was lost: the store did not take it',
      );
      isAway = true;
    }
  };
  const keep = (line: Line, bytes = Buffer.byteLength(line.text)) => {
    waiting.push({ ...line, at: Date.now(), attempt });
    waitingBytes += bytes + LINE_BYTES;
  };
  /**
   * Keeps lines of output up to the bound. Beyond it they take no room, however many there are, but still the time to hide secrets in
   * them: they are the last lines by then, may hold tests and problems, and tell values that are to be hidden.
   */
  const keepOutput = (of: Pick<Line, 'stream' | 'step'>, texts: readonly string[]) => {
    for (const text of texts) {
      if (isCut) return;
      const bytes = Buffer.byteLength(text);
      outputBytes += bytes + LINE_BYTES;
      isCut = outputBytes > mostBytes;
      if (isCut) keep({ stream: 'note', text: `output is cut here: more than ${inWords(mostBytes)}` });
      else keep({ ...of, text }, bytes);
    }
  };
  const settle = async () => {
    if (waitingBytes > BATCH_BYTES) void flush();
    else if (waitingBytes > 0) timer ??= setTimeout(() => void flush(), FLUSH_MS);
    if (waitingBytes > WAITING_BYTES) await flush();
  };

  return {
    output({ stream, step }, onLine) {
      const of = { stream, step: mask(step) };
      const splitter = createLineSplitter(mask, commands);
      const decoder = new StringDecoder('utf8');
      const pass = (texts: readonly string[]) => {
        if (onLine) for (const text of texts) onLine(text);
        count += texts.length;
        tail.addAll(texts);
        keepOutput(of, texts);
        return settle();
      };
      return {
        write: (chunk) => pass(splitter.add(typeof chunk === 'string' ? chunk : decoder.write(chunk))),
        end: () => pass([...splitter.add(decoder.end()), ...splitter.end()]),
      };
    },
    async note(text, { aside = false } = {}) {
      const shown = mask(text);
      count += 1;
      if (!aside) tail.add(shown);
      keep({ stream: 'note', text: shown });
      await settle();
    },
    count: () => count,
    tail: tail.read,
    end: flush,
  };
}

function inWords(bytes: number): string {
  return bytes < 1024 * 1024 ? `${bytes} bytes` : `${Math.floor(bytes / 1024 / 1024)} MB`;
}
