import { type Mask, maskBy } from '../../../secrets/mask.js';
import { SpellingFinder } from '../../../secrets/spelling-finder.js';
import { whyNotHidden, whyOfNoSize, whyRepeated } from './why-not-hidden.js';

/** What a job's output is hidden by: the secrets of the configuration, and the values that its steps have told to be secret. */
export interface JobMask {
  /** Hides them in a text. */
  readonly hide: Mask;
  /** Hides a value from now on. Returns in words why it can't be; undefined where it is hidden. */
  learn(value: string): string | undefined;
  /** Hides values until the next ones are guessed: each may be the beginning of one that is just being told. They are none of {@link values}. */
  guess(values: readonly string[]): void;
  /** Returns the values so far, in order. */
  values(): readonly string[];
  /** Hides a secret of the configuration as it is now: it is none of {@link values}. */
  hideToo(secret: string): void;
  /** Has `look` called before any text is hidden, once for all that are hidden in one go, until it is replaced: it learns what there is by then. */
  lookBy(look: (() => void) | undefined): void;
}

/** Of one job: each makes looking for all of them take longer, and code of strangers can add them. */
const MOST_VALUES = 100;
/** In characters, of all values of a job. */
const LONGEST_ALL = 32 * 1024;
/** In characters: of what was looked at as a whole, whether it is hidden or not. That takes longer than to tell it. */
const MOST_LOOKED_AT = 256 * 1024;

/** Returns the mask of one job. `configured`: finds the secrets of the configuration. */
export function createJobMask(configured: SpellingFinder): JobMask {
  const learnt = new SpellingFinder();
  let guessed: SpellingFinder | undefined;
  const values = new Set<string>();
  const secrets = new Set<string>();
  /** What was looked at and can't be hidden: it may be told again and again. */
  const refused = new Map<string, string>();
  const mask = maskBy(configured, learnt, { find: (text) => guessed?.find(text) ?? [] });
  let characters = 0;
  let lookedAt = 0;
  let look: (() => void) | undefined;
  let hasLooked = false;

  /** What takes time comes last, and not without end: a step can tell as much as it likes. */
  const whyRefused = (value: string): string | undefined => {
    const because = whyOfNoSize(value);
    if (because !== undefined) return because;
    if (values.size >= MOST_VALUES) return `the job has told ${MOST_VALUES} values already, and no more are hidden`;
    if (characters + value.length > LONGEST_ALL)
      return `the values of the job have more than ${LONGEST_ALL / 1024} kB together`;
    if (refused.has(value)) return refused.get(value);
    if (lookedAt + value.length > MOST_LOOKED_AT)
      return `the job has told more than ${MOST_LOOKED_AT / 1024} kB, most of which can't be hidden, and no more is looked at`;
    lookedAt += value.length;
    const repeated = whyRepeated(value);
    if (repeated !== undefined) refused.set(value, repeated);
    return repeated;
  };

  return {
    hide(text) {
      if (look && !hasLooked) {
        hasLooked = true;
        queueMicrotask(() => {
          hasLooked = false;
        });
        look();
      }
      return mask(text);
    },
    learn(value) {
      if (values.has(value)) return undefined;
      const because = whyRefused(value);
      if (because !== undefined) return because;
      values.add(value);
      characters += value.length;
      learnt.add(value, { words: true });
      return undefined;
    },
    guess(beginnings) {
      const some = beginnings.filter((value) => !values.has(value) && whyNotHidden(value) === undefined);
      guessed = some.length > 0 ? new SpellingFinder() : undefined;
      for (const value of some) guessed?.add(value, { words: true });
    },
    values: () => [...values],
    hideToo(secret) {
      if (!secrets.has(secret)) learnt.add(secret, { words: true });
      secrets.add(secret);
    },
    lookBy(by) {
      look = by;
    },
  };
}
