import { FIELD } from '../lanes/claim.js';
import { type Concurrency, GROUP_WORDS, LANE_SCOPES, MAX_LIMIT, ON_BUSY } from '../lanes/concurrency.js';
import { didYouMean } from './did-you-mean.js';
import { fieldMeant, isEventField } from './event-fields.js';
import { whyNeverFilled } from './never-filled.js';
import { type OptionCheck, readOptions, refuse, TriggerError, wasRefused, yesOrNo } from './options.js';
import type { Trigger } from './trigger.js';

const MAX_PRIORITY = 5;
/** In characters. */
const MAX_GROUP = 200;

/**
 * Returns what an automation that starts by `on` says of its lanes: one, or several of which the first counts that has all fields.
 * Throws {@link TriggerError}, also where none of them is ever filled: the runs would be in no lane, and nobody would see why.
 */
export function readConcurrency(
  value: Concurrency | readonly Concurrency[],
  on: readonly Trigger[],
): readonly Concurrency[] {
  const list: readonly Concurrency[] = Array.isArray(value) ? value : [value as Concurrency];
  if (list.length === 0) {
    refuse(new TriggerError('automation(): "concurrency" is an empty list: leave it out'));
    return list;
  }
  const groups = list.map((one) => one?.group);
  const twice = groups.find((group, i) => group !== undefined && groups.indexOf(group) < i);
  if (twice !== undefined)
    refuse(
      new TriggerError(`automation(): "concurrency" has the group "${twice}" twice, and the second would never count`),
    );
  const lanes = list.map((one) => {
    const read = readOptions<Concurrency>('automation', one, CHECKS, 'concurrency');
    if (read.group === undefined && !wasRefused(read))
      refuse(
        new TriggerError(
          `automation(): "concurrency.group" is missing: ${GROUP_WORDS.join(', ')}, or a text such as "deploy {branch}"`,
        ),
      );
    if (read.scope === 'everywhere' && (GROUP_WORDS as readonly string[]).includes(read.group))
      refuse(
        new TriggerError(
          `automation(): "concurrency.scope" 'everywhere' has no group "${read.group}": give it a text, such as "production"`,
        ),
      );
    return read;
  });
  const never = lanes.map(({ group }) => (group === undefined ? undefined : whyNeverFilled(group, on)));
  // Lanes that automations share may be for the others: one that counts is enough.
  if (!never.includes(undefined))
    refuse(
      new TriggerError(
        `automation(): ${lanes.map((one, i) => `"concurrency.group" ${JSON.stringify(one.group)} ${never[i]}`).join('; ')}`,
      ),
    );
  return lanes;
}

const CHECKS = {
  group,
  limit: whole(1, MAX_LIMIT),
  onBusy: oneOf(ON_BUSY),
  scope: oneOf(LANE_SCOPES),
  skipOutdated: yesOrNo,
  priority: whole(1, MAX_PRIORITY),
} as const;

/** Checks the group of a lane. */
export function group(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_GROUP)
    return `a text of 1 to ${MAX_GROUP} characters`;
  const fields = [...value.matchAll(FIELD)].map(([, path = '']) => path);
  const wrong = fields.find((path) => !/^[a-z]\w*(\.\w+)*$/i.test(path) || !isEventField(path));
  if (wrong !== undefined)
    return `a text in which {…} names a field of the event (and {${wrong}} names none${fieldMeant(wrong) ?? ''})`;
  if (/[{}]/.test(value.replace(FIELD, ''))) return 'a text in which each { has its }';
  const isWord = (GROUP_WORDS as readonly string[]).includes(value);
  const meant = fields.length > 0 || isWord ? undefined : didYouMean(value, GROUP_WORDS);
  return meant && `${GROUP_WORDS.join(', ')} or a text of another kind${meant.replace(/\?$/, '')}`;
}

function oneOf(words: readonly string[]): OptionCheck {
  return (value) => (words.includes(value as string) ? undefined : `one of ${words.join(', ')}`);
}

function whole(least: number, most: number): OptionCheck {
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `a whole number from ${least} to ${most}`;
}
