import { posix } from 'node:path';
import type { Problem, ProblemMatcher } from '../../contract/index.js';
import type { CheckoutFiles } from '../checkout-files.js';
import { named } from '../packing/quoted.js';
import { openBelow } from '../plain-file.js';
import type { Match } from './apply-matcher.js';
import { defaultMatch } from './default-matcher.js';
import { createElsewhereMatcher } from './match-elsewhere.js';
import { checkedMatchers, type Matcher, matchersOf } from './matcher.js';

/** What problems are looked for with. */
export interface ProblemsOptions {
  /** Paths of files in GitHub's format, and matchers themselves. */
  readonly matchers: readonly (string | ProblemMatcher)[];
  /** The checkout's folder. */
  readonly root: string;
  readonly files: CheckoutFiles;
  /** Says in words what can't be used. */
  readonly note: (text: string) => void;
  /** Called with each error, in order. One whose matcher finds no file has none, and is not among what is returned. */
  readonly onError: (error: Pick<Problem, 'message'> & Partial<Pick<Problem, 'file' | 'line'>>) => void;
}

/** Looks for problems in the output of a step. */
export interface ProblemWatch {
  /** Takes the next line. */
  line(text: string): void;
  /** Returns what was found: errors first, 50 at most. Once the signal aborts, nobody waits for matchers of authors. */
  end(stop: AbortSignal): Promise<readonly Problem[]>;
}

const MOST_PROBLEMS = 50;
/** In characters. */
const LONGEST_MESSAGE = 600;
/** In bytes: of a file of matchers. */
const MAX_FILE = 256 * 1024;
/** Different ones of a severity whose files are looked for. */
const MOST_LOOKED_AT = 2_000;
/** Lines that are handed over at once. */
const AT_ONCE = 1_000;
/** Files of matchers that are read for one step, which may name them again and again. */
const MOST_FILES = 50;
/** In characters: of lines that wait to be looked at. */
const MOST_WAITING = 4_000_000;

/** Commands of GitHub's that add or remove matchers while a step runs. */
const ADD = '::add-matcher::';
const REMOVE = '::remove-matcher';

/** Returns the watch of one step. */
export function watchProblems({ matchers, root, files, note, onError }: ProblemsOptions): ProblemWatch {
  const elsewhere = createElsewhereMatcher(note);
  const found: Record<Problem['severity'], Problem[]> = { error: [], warning: [], notice: [] };
  const seen: Record<Problem['severity'], Set<string>> = { error: new Set(), warning: new Set(), notice: new Set() };
  let loaded = 0;
  let hasOwn = matchers.length > 0;
  let begun: Promise<void> | undefined;
  let working: Promise<void> = Promise.resolve();
  const waiting: string[] = [];
  let waitingCharacters = 0;
  let isLate = false;

  const load = async (path: string) => {
    loaded += 1;
    if (loaded > MOST_FILES) return;
    try {
      elsewhere.add(matchersOf(await read(path, { root, files })));
    } catch (error) {
      note(`problem matcher ${named(path)}: ${(error as Error).message}`);
    }
  };
  const begin = async () => {
    const given: Matcher[] = [];
    for (const matcher of matchers) {
      if (typeof matcher === 'string') await load(matcher);
      else
        try {
          given.push(...checkedMatchers([matcher]));
        } catch (error) {
          note(`problem matcher ${named(matcher.owner)}: ${(error as Error).message}`);
        }
    }
    elsewhere.add(given);
  };

  /** A step whose author has not asked for problems does not fail by what may be a quote. */
  const severityIn = ({ severity, isDoubtful }: Match) =>
    isDoubtful && severity === 'error' && matchers.length === 0 ? 'warning' : severity;

  /** No more of them are shown, or looked for. */
  const isFull = (severity: Problem['severity']) =>
    found[severity].length >= MOST_PROBLEMS || seen[severity].size > MOST_LOOKED_AT;

  const take = async (match: Match) => {
    const { line, column, code, owner } = match;
    const severity = severityIn(match);
    const message = match.message.slice(0, LONGEST_MESSAGE);
    const keyOf = (file: string | undefined) => JSON.stringify([file, line, column, message]);
    const key = keyOf(match.file);
    if (isFull(severity) || seen[severity].has(key)) return;
    seen[severity].add(key);
    if (seen[severity].size > MOST_LOOKED_AT)
      note(
        `more than ${MOST_LOOKED_AT} different lines tell of a problem (${severity}): no more of them are looked at`,
      );
    if (match.file === undefined) {
      if (severity === 'error') onError({ message });
      return;
    }
    const file = await fileOf(match.file, { fromPath: match.fromPath, files });
    if (file === undefined || (file !== match.file && seen[severity].has(keyOf(file)))) return;
    seen[severity].add(keyOf(file));
    const problem: Problem = {
      ...{ severity, file, line, message },
      ...(column !== undefined && { column }),
      ...(code !== undefined && { code: code.slice(0, 100) }),
      ...(owner !== 'default' && { by: owner }),
    };
    found[severity].push(problem);
    if (severity === 'error') onError(problem);
  };

  /** Takes out lines that the same matchers count for: only the first may add or remove some. */
  const nextLines = () => {
    const next = waiting.slice(0, AT_ONCE).findIndex((line, at) => at > 0 && isCommand(line));
    return waiting.splice(0, next < 0 ? AT_ONCE : next);
  };

  const look = async () => {
    begun ??= begin();
    await begun;
    while (waiting.length > 0) {
      const lines = nextLines();
      for (const line of lines) waitingCharacters -= line.length;
      const [first = ''] = lines;
      if (first.startsWith(ADD)) await load(first.slice(ADD.length).trim());
      if (first.startsWith(REMOVE)) elsewhere.remove(/owner=([^,:]+)/.exec(first)?.[1] ?? '');
      const own = new Map((await elsewhere.match(lines)).map(({ index, match }) => [index, match]));
      for (const [index, line] of lines.entries()) {
        const match = own.get(index) ?? defaultMatch(line);
        if (match) await take(match);
      }
    }
  };

  /** Without matchers of authors, most lines have nothing to look at. */
  const isOfInterest = (text: string) => {
    hasOwn ||= text.startsWith(ADD);
    if (hasOwn) return true;
    const match = defaultMatch(text);
    return match !== undefined && !isFull(severityIn(match));
  };

  return {
    line(text) {
      if (!isOfInterest(text)) return;
      if (waitingCharacters > MOST_WAITING) {
        if (!isLate) note('output came faster than problem matchers look at it: some lines were not looked at');
        isLate = true;
        return;
      }
      waitingCharacters += text.length;
      if (waiting.push(text) === 1) working = working.then(look);
    },
    async end(stop) {
      elsewhere.hurry(stop);
      await working;
      await elsewhere.end();
      return [...found.error, ...found.warning, ...found.notice].slice(0, MOST_PROBLEMS);
    },
  };
}

function isCommand(line: string): boolean {
  return line.startsWith(ADD) || line.startsWith(REMOVE);
}

/** A file may be relative to that of its project. */
async function fileOf(
  file: string,
  { fromPath, files }: { readonly fromPath: string | undefined; readonly files: CheckoutFiles },
): Promise<string | undefined> {
  const below = fromPath === undefined ? undefined : await files.find(fromPath);
  const inProject = below === undefined ? undefined : await files.find(posix.join(posix.dirname(below), file));
  return inProject ?? files.find(file);
}

async function read(path: string, { root, files }: Pick<ProblemsOptions, 'root' | 'files'>): Promise<string> {
  const own = await files.find(path);
  if (own === undefined) throw new Error('there is no such file in the checkout');
  const file = await openBelow(root, own);
  if (!file) throw new Error('it is no file of the checkout, or not any more');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_FILE + 1), 0, MAX_FILE + 1, 0);
    if (bytesRead > MAX_FILE) throw new Error(`it has more than ${MAX_FILE / 1024} kB`);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
