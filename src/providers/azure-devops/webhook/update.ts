import type { ReviewEvent } from '../../../events/event.js';
import type { Identity, WholePullRequest } from '../shapes.js';

/**
 * What an update of a pull request is about. Only the message says it, in English: "<who> <did what> pull request
 * <number> (<title>) in <repository>".
 */
export type Update =
  | { readonly about: 'vote'; readonly action: ReviewEvent['action']; readonly by: Identity | undefined }
  | { readonly about: 'reviewers' }
  | { readonly about: 'reactivation' }
  | { readonly about: 'unknown' };

/**
 * Reads a message up to the words "pull request": after them comes the title, which anybody may write. A vote is `by` the
 * actor only if the message has that name and no other: people choose theirs, and one may be called `Ada approved`.
 */
export function updateOf(
  message: string,
  actor: (Identity & { vote?: number | null | undefined }) | undefined,
): Update {
  const [said = ''] = message.split(/ pull request\b/, 1);
  if (said.length === message.length) return { about: 'unknown' };
  const [, name, verb] = SAID.exec(said) ?? [];
  const by = name === actor?.displayName ? actor : undefined;
  switch (verb) {
    case 'approved':
      return { about: 'vote', action: 'approved', by };
    case 'rejected':
    case 'is waiting for the author':
      return { about: 'vote', action: 'changes_requested', by };
    case 'voted on':
      return { about: 'vote', action: outcomeOf(by?.vote), by };
    case 'changed the reviewer list':
      return { about: 'reviewers' };
    case 'reactivated':
      return { about: 'reactivation' };
    default:
      return { about: 'unknown' };
  }
}

/** Who did what. */
const SAID =
  /^(.*?) (?:has )?(approved(?= and left suggestions(?: on| in)?$|$)|rejected$|is waiting for the author(?=(?: on| in)?$)|voted on$|changed the reviewer list(?=(?: on| for)?$)|reactivated$)/s;

/** Reads a vote: 10 and 5 approve, 5 with suggestions; -5 waits for the author, -10 rejects; 0 takes a vote back. */
function outcomeOf(vote: number | null | undefined): ReviewEvent['action'] {
  if (!vote) return 'dismissed';
  return vote > 0 ? 'approved' : 'changes_requested';
}

/**
 * Returns who did it: the person in the payload with whose name the message begins. No field says it. Undefined where
 * several people have that name.
 */
export function actorOf(
  pull: WholePullRequest,
  message: string,
): NonNullable<WholePullRequest['reviewers']>[number] | undefined {
  const people = [...(pull.reviewers ?? []), pull.createdBy, pull.closedBy].flatMap((person) => person ?? []);
  const named = people.filter(({ displayName }) => displayName && message.startsWith(`${displayName} `));
  const longest = Math.max(...named.map(({ displayName }) => displayName?.length ?? 0));
  const [actor, ...others] = named.filter(({ displayName }) => displayName?.length === longest);
  return others.every(({ id, uniqueName }) => id === actor?.id && uniqueName === actor?.uniqueName) ? actor : undefined;
}
