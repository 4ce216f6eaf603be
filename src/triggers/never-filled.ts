import { FIELD } from '../lanes/claim.js';
import { mayHold } from './event-fields.js';
import type { Trigger } from './trigger.js';

/**
 * Returns why no event that these triggers let in is ever in a lane of a group, in words that follow the group; undefined where one
 * may be. What starts a chain is another automation's matter: it may be anything.
 */
export function whyNeverFilled(group: string, on: readonly Trigger[]): string | undefined {
  const names = new Map<string, Set<string>>();
  for (const trigger of on) {
    const lacks = lackOf(group, trigger);
    if (lacks === undefined) return undefined;
    names.set(lacks, (names.get(lacks) ?? new Set()).add(nameOf(trigger)));
  }
  const says = [...names].map(([lacks, of]) => `${[...of].join(', ')} ${of.size === 1 ? 'has' : 'have'} ${lacks}`);
  return says.length === 0 ? undefined : `is never filled, since ${says.join(', and ')}`;
}

/** Returns whether what a trigger lets in may be of a pull request, or else of a branch. */
export function mayBeOfBranch(trigger: Trigger): boolean {
  return lackOf('branch', trigger) === undefined;
}

/** Returns what a trigger is called by authors, for people: `pullRequest()`. */
export function nameOf({ kind }: Trigger): string {
  if (kind === 'schedule') return 'cron()';
  if (kind === 'chained') return 'completed()';
  return `${kind.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())}()`;
}

/** Returns what each event of a trigger lacks of that which a group is made of, in words that follow "has". */
function lackOf(group: string, trigger: Trigger): string | undefined {
  if (trigger.kind === 'chained') return undefined;
  switch (group) {
    case 'pull-request':
      return isOfPullRequests(trigger) ? undefined : 'no pull request';
    case 'branch':
      return isOfPullRequests(trigger) || mayHold(trigger.kind, 'branch') ? undefined : 'no branch and no pull request';
    case 'repository':
      return mayHold(trigger.kind, 'repository.id') ? undefined : 'no repository';
    default: {
      const paths = [...group.matchAll(FIELD)].map(([, path = '']) => path);
      const lacks = paths.find((path) => !mayTell(trigger, path));
      return lacks === undefined ? undefined : `no {${lacks}}`;
    }
  }
}

function isOfPullRequests(trigger: Trigger): boolean {
  // Those with commands are on pull requests anyway.
  if (trigger.kind === 'comment') return trigger.on?.includes('pull_request') ?? true;
  return trigger.kind === 'pull_request' || trigger.kind === 'review';
}

function mayTell(trigger: Trigger, path: string): boolean {
  if (trigger.kind !== 'manual') return mayHold(trigger.kind, path);
  const input = /^inputs\.([^.]+)$/.exec(path)?.[1];
  return input === undefined ? mayHold('manual', path) : Object.hasOwn(trigger.inputs, input);
}
