import { skipMarkerIn } from '../events/skip-marker.js';
import { includerOf, includesUnknownText, type Matched, startsFromAll } from './glob.js';

export { skipMarkerIn };

/**
 * Why a filter keeps an event from running an automation, in words that are stored with the delivery; undefined where it
 * lets the event through. Filters are tried in order, and the first reason decides.
 */
export type FilterReason = string | undefined;

interface Checked {
  readonly what: string;
  readonly text: string | undefined;
  readonly option: string;
  readonly reason: FilterReason;
}

/** The last check of each list: most deliveries come from the same few repositories and branches. */
const lastChecks = new WeakMap<readonly string[], Checked>();

/**
 * Filters by an ordered list of globs for names. A name that is not known is in no list but one that only takes away: it is
 * not known to be taken away.
 */
export function inList(
  what: string,
  name: string | undefined,
  option: string,
  patterns: readonly string[] | undefined,
): FilterReason {
  return patterns && checked(what, name, option, patterns, 'names');
}

/** Filters by an ordered list of globs for free text, in which `*` crosses `/`. Otherwise as {@link inList}. */
export function inTexts(
  what: string,
  text: string | undefined,
  option: string,
  patterns: readonly string[] | undefined,
): FilterReason {
  return patterns && checked(what, text, option, patterns, 'text');
}

function checked(
  what: string,
  text: string | undefined,
  option: string,
  patterns: readonly string[],
  matched: Matched,
): FilterReason {
  const last = lastChecks.get(patterns);
  if (last && last.text === text && last.what === what && last.option === option) return last.reason;
  const reason = checkList(what, text, option, patterns, matched);
  lastChecks.set(patterns, { what, text, option, reason });
  return reason;
}

/** Filters by an ordered list of globs, of which one of several texts is enough. */
export function anyInList(
  what: string,
  texts: readonly (string | undefined)[],
  option: string,
  patterns: readonly string[] | undefined,
): FilterReason {
  const [first, ...others] = texts;
  const reason = inList(what, first, option, patterns);
  if (reason === undefined || others.length === 0) return reason;
  if (others.some((text) => inList(what, text, option, patterns) === undefined)) return undefined;
  return `none of its ${texts.length} ${option} is in ${option} ${shown(patterns ?? [])}`;
}

function checkList(
  what: string,
  text: string | undefined,
  option: string,
  patterns: readonly string[],
  matched: Matched,
): FilterReason {
  if (text !== undefined)
    return includerOf(patterns, matched)(text) ? undefined : `${what} "${text}" is not in ${option} ${shown(patterns)}`;
  const includes = matched === 'text' ? includesUnknownText : startsFromAll;
  return includes(patterns) ? undefined : `its ${what} is not known, so it is not in ${option} ${shown(patterns)}`;
}

/** Filters by a list of words. */
export function oneOf<T extends string>(
  what: string,
  word: T,
  option: string,
  words: readonly T[] | undefined,
): FilterReason {
  if (!words || words.includes(word)) return undefined;
  return `${what} "${word}" is not in ${option} ${shown(words)}`;
}

/** Filters by the options `labels`, of which one is enough, and `allLabels`. */
export function withLabels(
  labels: readonly string[],
  { labels: any, allLabels: all }: { labels?: readonly string[]; allLabels?: readonly string[] },
): FilterReason {
  if (any && !any.some((label) => labels.includes(label)))
    return `none of its labels ${shown(labels)} is in labels ${shown(any)}`;
  const missing = all?.find((label) => !labels.includes(label));
  return missing === undefined ? undefined : `the label "${missing}" of allLabels is missing`;
}

/** Filters what a bot did, by the option `bots`. */
export function notBot(sender: { login: string; bot: boolean }, bots: boolean | undefined): FilterReason {
  return bots === false && sender.bot ? `"${sender.login}" is a bot, and bots: false refuses them` : undefined;
}

/** Filters what Hookyard's own account did, by the option `own`. */
export function notOwn(sender: { login: string; own?: true }, own: boolean | undefined): FilterReason {
  return sender.own && !own ? `"${sender.login}" is our own account; own: true would run on what it does` : undefined;
}

/** Why the status or deployment of a commit that may be a stranger's is refused. */
export const FORKS_STATUS = "its commit may be a fork's, and so a stranger's; forks: true would run on it";

/** Filters the status or deployment of a commit that may be a stranger's, by the option `forks`. */
export function notFork(event: object, forks: boolean | undefined): FilterReason {
  const isForks = 'fork' in event && event.fork === true;
  return isForks && !forks ? FORKS_STATUS : undefined;
}

/** Filters what its author marked to be skipped (`[skip ci]`), by the option `skippable`. */
export function notSkipped(where: string, text: string | undefined, skippable: boolean | undefined): FilterReason {
  if (skippable === false || !text) return undefined;
  const marker = skipMarkerIn(text);
  return marker === undefined ? undefined : skippedInWords(where, marker);
}

/** Returns why a run is skipped whose author marked it so. */
export function skippedInWords(where: string, marker: string): string {
  return `the ${where} says "${marker}"; skippable: false would run all the same`;
}

const texts = new WeakMap<readonly string[], string>();

/** Returns a list as JSON. Remembers it: the lists are those of triggers, the same from delivery to delivery. */
export function shown(list: readonly string[]): string {
  const known = texts.get(list);
  if (known !== undefined) return known;
  const made = JSON.stringify(list);
  texts.set(list, made);
  return made;
}
