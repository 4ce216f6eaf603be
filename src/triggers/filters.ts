import { included } from './glob.js';

/** A filter's refusal, in words; undefined when it lets the event through. Filters are tried in order, the first refuses. */
export type Refusal = string | undefined;

interface Answer {
  readonly what: string;
  readonly text: string | undefined;
  readonly option: string;
  readonly refusal: Refusal;
}

/** The last answer of each list: most deliveries come from the same few repositories and branches. */
const answers = new WeakMap<readonly string[], Answer>();

/** By an ordered glob list. A text that is not known is not in the list. */
export function inList(
  what: string,
  text: string | undefined,
  option: string,
  patterns: readonly string[] | undefined,
): Refusal {
  if (!patterns) return undefined;
  const last = answers.get(patterns);
  if (last && last.text === text && last.what === what && last.option === option) return last.refusal;
  const refusal = askList(what, text, option, patterns);
  answers.set(patterns, { what, text, option, refusal });
  return refusal;
}

function askList(what: string, text: string | undefined, option: string, patterns: readonly string[]): Refusal {
  if (text === undefined) return `its ${what} is not known, so it is not in ${option} ${shown(patterns)}`;
  return included(text, patterns) ? undefined : `${what} "${text}" is not in ${option} ${shown(patterns)}`;
}

/** By a plain list of words. */
export function oneOf<T extends string>(
  what: string,
  word: T,
  option: string,
  words: readonly T[] | undefined,
): Refusal {
  if (!words || words.includes(word)) return undefined;
  return `${what} "${word}" is not in ${option} ${shown(words)}`;
}

export function withLabels(
  labels: readonly string[],
  { labels: any, allLabels: all }: { labels?: readonly string[]; allLabels?: readonly string[] },
): Refusal {
  if (any && !any.some((label) => labels.includes(label)))
    return `none of its labels ${shown(labels)} is in labels ${shown(any)}`;
  const missing = all?.find((label) => !labels.includes(label));
  return missing === undefined ? undefined : `the label "${missing}" of allLabels is missing`;
}

export function notBot(sender: { login: string; bot: boolean }, bots: boolean | undefined): Refusal {
  return bots === false && sender.bot ? `"${sender.login}" is a bot, and bots: false refuses them` : undefined;
}

export function notOwn(sender: { login: string; own?: true }, own: boolean | undefined): Refusal {
  return sender.own && !own ? `"${sender.login}" is our own account; own: true would run on what it does` : undefined;
}

const MARKERS = /\[(skip ci|ci skip|no ci|skip-ci|ci-skip)\]/i;
const TRAILER = /^skip-checks:[ \t]*true[ \t]*$/im;

/** Every automation asks about the same text. */
let lastText: { readonly text: string; readonly marker: string | undefined } = { text: '', marker: undefined };

function markerIn(text: string): string | undefined {
  if (lastText.text !== text) lastText = { text, marker: MARKERS.exec(text)?.[0] ?? TRAILER.exec(text)?.[0] };
  return lastText.marker;
}

/** The words that let an author say: not this one. */
export function notSkipped(where: string, text: string | undefined, skippable: boolean | undefined): Refusal {
  if (skippable === false || !text) return undefined;
  const marker = markerIn(text);
  return marker === undefined ? undefined : `the ${where} says "${marker}"; skippable: false would run all the same`;
}

const texts = new WeakMap<readonly string[], string>();

/** Lists are those of triggers, and stay the same from delivery to delivery. */
export function shown(list: readonly string[]): string {
  const known = texts.get(list);
  if (known !== undefined) return known;
  const made = JSON.stringify(list);
  texts.set(list, made);
  return made;
}
