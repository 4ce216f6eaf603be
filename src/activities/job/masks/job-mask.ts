import { type Mask, maskBy } from '../../../secrets/mask.js';
import { SpellingFinder } from '../../../secrets/spelling-finder.js';
import { SHORTEST } from '../../../secrets/text-finder.js';

/** What a job's output is hidden by: the secrets of the configuration, and the values that its steps have told to be secret. */
export interface JobMask {
  /** Hides them in a text. */
  readonly hide: Mask;
  /** Hides a value from now on. Returns in words why it can't be; undefined where it is hidden. */
  learn(value: string): string | undefined;
  /** Returns the values so far, in order. */
  values(): readonly string[];
  /** Hides a secret of the configuration as it is now: it is none of {@link values}. */
  hideToo(secret: string): void;
  /** Has `look` called before any text is hidden, until it is replaced: it learns what there is to learn by then. */
  lookBy(look: (() => void) | undefined): void;
}

/** Of one job: each makes looking for all of them take longer, and code of strangers can add them. */
const MOST_VALUES = 100;
/** In characters, of a value and of all values of a job. */
export const LONGEST_VALUE = 8 * 1024;
const LONGEST_ALL = 32 * 1024;
/** Of any six characters in a value. */
const MOST_REPEATS = 32;

/** Returns in words why a value can't be hidden, whatever else is; undefined where it can. */
export function whyNotHidden(value: string): string | undefined {
  if (value.trim().length < SHORTEST)
    return `it has fewer than ${SHORTEST} characters, and hiding it would blot out ordinary words`;
  if (value.length > LONGEST_VALUE) return `it has more than ${LONGEST_VALUE / 1024} kB`;
  if (repeatsItself(value)) return 'it repeats itself too often for a secret';
  return undefined;
}

/** Looking for what repeats itself takes long in a text that does so too. */
function repeatsItself(value: string): boolean {
  const seen = new Map<string, number>();
  for (let at = 0; at + SHORTEST <= value.length; at++) {
    const piece = value.slice(at, at + SHORTEST);
    const times = (seen.get(piece) ?? 0) + 1;
    if (times > MOST_REPEATS) return true;
    seen.set(piece, times);
  }
  return false;
}

/** Returns the mask of one job. `configured`: finds the secrets of the configuration. */
export function createJobMask(configured: SpellingFinder): JobMask {
  const learnt = new SpellingFinder();
  const values = new Set<string>();
  const secrets = new Set<string>();
  const mask = maskBy(configured, learnt);
  let characters = 0;
  let look: (() => void) | undefined;
  let isLooking = false;
  return {
    hide(text) {
      if (look && !isLooking) {
        isLooking = true;
        try {
          look();
        } finally {
          isLooking = false;
        }
      }
      return mask(text);
    },
    learn(value) {
      if (values.has(value)) return undefined;
      const because = whyNotHidden(value);
      if (because !== undefined) return because;
      if (values.size >= MOST_VALUES) return `the job has told ${MOST_VALUES} values already, and no more are hidden`;
      if (characters + value.length > LONGEST_ALL)
        return `the values of the job have more than ${LONGEST_ALL / 1024} kB together`;
      values.add(value);
      characters += value.length;
      learnt.add(value, { words: true });
      return undefined;
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
