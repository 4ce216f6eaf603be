import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Problem, ProblemMatcher } from '../../contract/index.js';
import type { CheckoutFiles } from '../checkout-files.js';
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
  /** Called with each error, in order. */
  readonly onError: (problem: Problem) => void;
}

/** Looks for problems in the output of a step. */
export interface ProblemWatch {
  /** Takes the next line. */
  line(text: string): void;
  /** Returns what was found: errors first, 50 at most. */
  end(): Promise<readonly Problem[]>;
}

const MOST_PROBLEMS = 50;
/** In characters. */
const LONGEST_MESSAGE = 600;
/** In bytes: of a file of matchers. */
const MAX_FILE = 256 * 1024;
/** Of one step: what names so many problems has shown enough of them. */
const MOST_LOOKED_AT = 5_000;
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
  const seen = new Set<string>();
  let lookedAt = 0;
  let loaded = 0;
  let hasOwn = matchers.length > 0;
  let begun: Promise<void> | undefined;
  let working: Promise<void> = Promise.resolve();
  let waiting: string[] = [];
  let waitingCharacters = 0;
  let isLate = false;

  const load = async (path: string) => {
    loaded += 1;
    if (loaded > MOST_FILES) return;
    try {
      elsewhere.add(matchersOf(await read(path, { root, files })));
    } catch (error) {
      note(`problem matcher ${path.slice(0, 200)}: ${(error as Error).message}`);
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
          note(`problem matcher ${matcher.owner}: ${(error as Error).message}`);
        }
    }
    elsewhere.add(given);
  };

  const take = async (match: Match) => {
    lookedAt += 1;
    const file = await fileOf(match, files);
    if (file === undefined) return;
    const { severity, line, column, code, owner } = match;
    const problem: Problem = {
      ...{ severity, file, line, message: match.message.slice(0, LONGEST_MESSAGE) },
      ...(column !== undefined && { column }),
      ...(code !== undefined && { code: code.slice(0, 100) }),
      ...(owner !== 'default' && { by: owner }),
    };
    const key = JSON.stringify([file, line, column, problem.message]);
    if (seen.has(key)) return;
    if (found[severity].length >= MOST_PROBLEMS) return;
    seen.add(key);
    found[severity].push(problem);
    if (severity === 'error') onError(problem);
  };

  const look = async () => {
    begun ??= begin();
    await begun;
    const lines = waiting;
    waiting = [];
    waitingCharacters = 0;
    for (const line of lines) if (line.startsWith(ADD)) await load(line.slice(ADD.length).trim());
    const own = new Map((await elsewhere.match(lines)).map(({ index, match }) => [index, match]));
    for (const [index, line] of lines.entries()) {
      const match = own.get(index) ?? defaultMatch(line);
      if (match && lookedAt < MOST_LOOKED_AT) await take(match);
      if (line.startsWith(REMOVE)) elsewhere.remove(/owner=([^,:]+)/.exec(line)?.[1] ?? '');
    }
  };

  return {
    line(text) {
      // Without matchers of authors, most lines have nothing to look at.
      hasOwn ||= text.startsWith(ADD);
      if (lookedAt >= MOST_LOOKED_AT || (!hasOwn && defaultMatch(text) === undefined)) return;
      if (waitingCharacters > MOST_WAITING) {
        if (!isLate) note('output came faster than problem matchers look at it: some lines were not looked at');
        isLate = true;
        return;
      }
      waitingCharacters += text.length;
      if (waiting.push(text) === 1) working = working.then(look);
    },
    async end() {
      await working;
      await elsewhere.end();
      return [...found.error, ...found.warning, ...found.notice].slice(0, MOST_PROBLEMS);
    },
  };
}

/** A file may be relative to that of its project. */
async function fileOf({ file, fromPath }: Match, files: CheckoutFiles): Promise<string | undefined> {
  const below = fromPath === undefined ? undefined : await files.find(fromPath);
  const inProject = below === undefined ? undefined : await files.find(posix.join(posix.dirname(below), file));
  return inProject ?? files.find(file);
}

async function read(path: string, { root, files }: Pick<ProblemsOptions, 'root' | 'files'>): Promise<string> {
  const own = await files.find(path);
  if (own === undefined) throw new Error('there is no such file in the checkout');
  const file = await open(join(root, own), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_FILE + 1), 0, MAX_FILE + 1, 0);
    if (bytesRead > MAX_FILE) throw new Error(`it has more than ${MAX_FILE / 1024} kB`);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
