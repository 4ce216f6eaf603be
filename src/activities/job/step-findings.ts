import { dirname } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import type { Problem, ProblemMatcher, TestCase, TestReport } from '../contract/index.js';
import { createCheckoutFiles } from './checkout-files.js';
import { watchProblems } from './problems/watch-problems.js';
import { type Account, createAccount } from './reports/account.js';
import { placesOf } from './reports/places.js';
import { idOf, type RawCase } from './reports/raw-case.js';
import { readReports } from './reports/read-reports.js';
import { BAILED_OUT, createTapParser } from './reports/tap/parser.js';
import { UNMET_PLAN } from './reports/tap/plan.js';
import { watchReports } from './reports/watch-reports.js';

/** What a step's output and reports are read for. */
export interface FindingsOptions {
  /** The checkout's folder. */
  readonly root: string;
  /** The step's folder. */
  readonly cwd: string;
  /** Globs of report files; `tap` is the step's own output. */
  readonly tests: readonly string[];
  /** When the step begins by the clock of its files, Unix ms: reports from before are not its. */
  readonly since: number;
  /** Matchers beside the one for `file:line:col: message`; false: none at all. */
  readonly problems: readonly (string | ProblemMatcher)[] | false;
  /** Those that have failed on the same commit, by their ids. It is filled while the step runs. */
  readonly failedBefore: ReadonlyMap<string, RawCase>;
  readonly mask: (text: string) => string;
  /** Says a line of our own in the job's output. */
  readonly note: (text: string) => void;
  /**
   * Called once, with the failure that the step has told of first. It stands, but for a test of a report that has passed there by the
   * end of the step.
   */
  readonly onRed: (because: string) => void;
  /** Reports are read while the step runs, and not only at its end. */
  readonly looksEarly: boolean;
  /** Aborts when the step's processes have ended. */
  readonly ended: AbortSignal;
}

/** Reads what a step prints, and then what it has written. */
export interface FindingsReader {
  /** Takes the next line, secrets masked. */
  line(text: string, stream: 'stdout' | 'stderr'): void;
  /**
   * Once the signal aborts, nobody waits for matchers of authors. `wasStopped`: the step was, so that tests which did not come have not
   * failed. `hasFailed`: its exit code says so.
   */
  end(stop: AbortSignal, how?: { readonly wasStopped?: boolean; readonly hasFailed?: boolean }): Promise<StepFindings>;
}

/** What a step's output and reports say. */
export interface StepFindings {
  readonly tests?: TestReport;
  /** Failing tests and problems that have a place in the checkout, 50 at most. */
  readonly problems?: readonly Problem[];
  /** Why the step has not passed, whatever its exit code is: a test failed, or its output names an error. */
  readonly red?: string;
  /** For what is remembered of the commit. */
  readonly failed: readonly RawCase[];
  readonly flaky: readonly TestCase[];
}

/** What stands for the output itself among the globs of reports. */
const OUTPUT = 'tap';
const MOST_PROBLEMS = 50;
/** Tests whose report's folder is remembered. */
const MOST_FOLDERS = 500;
/** In characters. */
const LONGEST = 600;

/** Returns what reads one attempt of a step. */
export function readFindings(options: FindingsOptions): FindingsReader {
  const { root, cwd, tests, since, problems, failedBefore, mask, note, onRed, looksEarly, ended } = options;
  const files = createCheckoutFiles({ root, cwd });
  const account = accountUnlessStopped(createAccount(failedBefore, mask), () => isStopped);
  const folders = new Map<RawCase, string>();
  const globs = tests.filter((glob) => glob !== OUTPUT);
  let red: string | undefined;
  let [isTold, isStopped] = [false, false];
  const errors = new Set<string>();
  const tell = (because: string): string => {
    const shown = mask(because).slice(0, LONGEST);
    if (!isTold) onRed(shown);
    isTold = true;
    return shown;
  };
  const turnRed = (because: string) => {
    red ??= tell(because);
  };
  const onFailed = (name: string) => {
    if (name !== UNMET_PLAN || !isStopped) turnRed(testFailed(name));
  };
  const tap = tests.includes(OUTPUT) ? createTapParser(account, onFailed) : undefined;
  const watch =
    problems === false
      ? undefined
      : watchProblems({
          ...{ matchers: problems, root, files, note },
          onError: ({ file, line, message }) => {
            if (errors.size < MOST_PROBLEMS) errors.add(message);
            turnRed(file === undefined ? message : `${file}:${line}: ${message}`);
          },
        });

  const early =
    looksEarly && globs.length > 0
      ? watchReports({
          ...{ root, patterns: globs, since, mask, until: ended },
          onFailed: ({ name }) => void tell(testFailed(name)),
        })
      : undefined;

  /** Reads the reports as they are in the end. What was seen to fail before, and is not told of any more, has failed. */
  const readAll = async () => {
    const first = await early;
    const missing = new Map(first?.failed);
    await readReports({
      ...{ root, patterns: globs, since, account, mask, early: first },
      onCase: (one, path) => {
        if (path === first?.path) missing.delete(idOf(one));
        const isPlaced = one.outcome === 'failed' || one.outcome === 'flaky';
        if (isPlaced && folders.size < MOST_FOLDERS) folders.set(one, folderOf(path));
      },
    });
    for (const found of missing.values()) account.add(found);
  };

  const located = async (found: RawCase): Promise<TestCase> => {
    const isPlaced = found.outcome === 'failed' || found.outcome === 'flaky';
    for (const place of isPlaced ? placesOf(found, folders.get(found)) : []) {
      const file = await files.find(place.file);
      if (file !== undefined) return { ...toCase(found), file, line: place.line };
    }
    return toCase(found);
  };

  return {
    line(text, stream) {
      for (const plain of linesIn(withoutColours(text, mask))) {
        if (stream === 'stdout') tap?.line(plain);
        watch?.line(plain);
      }
    },
    async end(stop, { wasStopped = false, hasFailed = false } = {}) {
      isStopped = wasStopped;
      tap?.end();
      const found = (await watch?.end(stop)) ?? [];
      if (globs.length > 0) await readAll();
      if (hasFailed) account.judgeRed({ errors: [...errors] });
      const told: TestCase[] = [];
      for (const one of account.told()) {
        told.push(await located(one));
        // The worker has runs and heartbeats to see to.
        await breath();
      }
      const failed = account.failed();
      if (failed[0]) turnRed(testFailed(failed[0].name));
      const all = [...told.flatMap(problemOf), ...found].slice(0, MOST_PROBLEMS);
      return {
        ...(tests.length > 0 && { tests: { ...account.totals(), cases: told } }),
        ...(all.length > 0 && { problems: all }),
        ...(red !== undefined && { red }),
        failed,
        flaky: told.filter(({ outcome }) => outcome === 'flaky'),
      };
    },
  };
}

/** A plan that a stopped step has not kept is a note: its tests may have been as they should. */
function accountUnlessStopped(account: Account, isStopped: () => boolean): Account {
  return {
    ...account,
    add(found) {
      if (found.name !== UNMET_PLAN || !isStopped()) return account.add(found);
      account.note(found.said[0]?.message ?? found.name);
      return true;
    },
  };
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

function testFailed(name: string): string {
  if (name === BAILED_OUT) return 'the tests bailed out';
  return name === UNMET_PLAN ? `${UNMET_PLAN} was not kept` : `test "${name}" failed`;
}

function toCase({ name, suite, outcome, durationMs, said }: RawCase): TestCase {
  const messages = said.map((each) => each.message || each.text).filter((text) => text !== '');
  const message = messages.join('\n\n').slice(0, LONGEST);
  return {
    ...{ name, outcome },
    ...(suite !== undefined && { suite }),
    ...(durationMs !== undefined && { durationMs }),
    ...(message !== '' && { message }),
  };
}

function problemOf({ name, suite, outcome, file, line, message }: TestCase): Problem[] {
  if (outcome !== 'failed' || file === undefined || line === undefined) return [];
  const by = suite === undefined ? name : `${suite} > ${name}`;
  return [{ severity: 'error', file, line, message: message ?? 'the test failed', by }];
}

/** Returns what a terminal shows one after the other in a line: what a progress bar is written over by is no part of it. */
function linesIn(text: string): readonly string[] {
  return text.includes('\r') ? text.split('\r').filter((part) => part !== '') : [text];
}

/** Colours would stand in the way of expressions, and of secrets that they are within. */
function withoutColours(line: string, mask: (text: string) => string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what begins a colour.
  return line.includes('\u001b') ? mask(line.replace(/\u001b\[[\d;]{0,20}[A-Za-z]/g, '')) : line;
}
