import { realpath } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { openBelow } from '../plain-file.js';
import { createAccount } from './account.js';
import { findReports } from './find-reports.js';
import { idOf, type RawCase } from './raw-case.js';
import { MAX_FILE, readReport } from './read-report.js';

/** Where the reports of a step that is at work are. */
export interface ReportsToWatch {
  /** The checkout's folder. */
  readonly root: string;
  readonly patterns: readonly string[];
  /** When the step began by the clock of its files, Unix ms: what was written before is not its. */
  readonly since: number;
  readonly mask: (text: string) => string;
  /** Aborts when the step has ended. */
  readonly until: AbortSignal;
  /** Called once, with the first failing test that is found. */
  readonly onFailed: (found: RawCase) => void;
  /** From the end of one look to the next, in milliseconds; longer where a look takes long. Default 1,000. */
  readonly pauseMs?: number;
}

const PAUSE_MS = 1_000;
/** Of the time, how much looking may take at most. */
const SHARE = 1 / 20;
/** In bytes: of all looks. Those who write more to their reports have them read at the end. */
const MAX_ALL = 512 * 1024 * 1024;

/** The first report with failing tests. */
export interface RedReport {
  /** From the checkout's folder. */
  readonly path: string;
  /** By their ids. */
  readonly failed: ReadonlyMap<string, RawCase>;
}

/**
 * Reads the reports of a step while it writes them, until the first that holds a failing test: each once it is whole, and again when
 * it has changed. Resolves to that one, or undefined where none did, once the step has ended. Never rejects.
 */
export async function watchReports(options: ReportsToWatch): Promise<RedReport | undefined> {
  const { until, onFailed, pauseMs = PAUSE_MS } = options;
  const known = new Map<string, string>();
  let red: RedReport | undefined;
  let [nextMs, bytes] = [pauseMs, 0];
  while (!red && bytes < MAX_ALL && (await isLeft(nextMs, until))) {
    const began = performance.now();
    // What can't be looked at now is read at the end, where it is a note.
    const seen = await look(options, known).catch(() => undefined);
    nextMs = Math.max(pauseMs, (performance.now() - began) / SHARE);
    bytes += seen?.bytes ?? 0;
    const { path = '', failed = [] } = seen ?? {};
    if (!failed[0]) continue;
    red = { path, failed: new Map(failed.map((each) => [idOf(each), each])) };
    onFailed(failed[0]);
  }
  return red;
}

/** Waits, and returns whether the step is still at work then. */
async function isLeft(ms: number, until: AbortSignal): Promise<boolean> {
  await wait(ms, undefined, { signal: until }).catch(() => undefined);
  return !until.aborted;
}

/** Reads what has changed since it was `known`. */
async function look(
  { root, patterns, since, mask, until }: ReportsToWatch,
  known: Map<string, string>,
): Promise<{ readonly bytes: number; readonly path?: string; readonly failed?: readonly RawCase[] }> {
  const top = await realpath(root);
  let bytes = 0;
  for (const path of (await findReports(top, patterns)).files) {
    if (until.aborted) break;
    const file = await openBelow(top, path);
    if (!file) continue;
    try {
      const { size, ino, ctimeMs } = await file.stat();
      const state = `${ino} ${size} ${ctimeMs}`;
      if (ctimeMs < since || size > MAX_FILE || known.get(path) === state) continue;
      known.set(path, state);
      bytes += size;
      const account = createAccount(new Map(), mask);
      const isWhole = await readReport(file, account, { mask, isGrowing: true });
      if (isWhole && account.failed().length > 0) return { bytes, path, failed: account.failed() };
    } finally {
      await file.close();
    }
  }
  return { bytes };
}
