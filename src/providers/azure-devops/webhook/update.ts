import type { ReviewEvent } from '../../../events/event.js';
import type { Identity, WholePullRequest } from '../shapes.js';

/**
 * What an update of a pull request is about. Only the message says it, in English: "<who> <did what> pull request
 * <number> (<title>) in <repository>".
 */
export type Update =
  | { readonly about: 'vote'; readonly action: ReviewEvent['action'] }
  | { readonly about: 'reviewers' }
  | { readonly about: 'reactivation' }
  | { readonly about: 'unknown' };

/** Reads a message up to the words "pull request": after them comes the title, which anybody may write. */
export function updateOf(
  message: string,
  actor: (Identity & { vote?: number | null | undefined }) | undefined,
): Update {
  const [said = ''] = message.split(/ pull request\b/, 1);
  if (said.length === message.length) return { about: 'unknown' };
  if (/ approved(?: and left suggestions(?: on| in)?)?$/.test(said)) return { about: 'vote', action: 'approved' };
  if (/ (?:rejected|is waiting for the author(?: on| in)?)$/.test(said))
    return { about: 'vote', action: 'changes_requested' };
  if (/ voted on$/.test(said)) return { about: 'vote', action: outcomeOf(actor?.vote) };
  if (/ changed the reviewer list(?: on| for)?$/.test(said)) return { about: 'reviewers' };
  if (/ reactivated$/.test(said)) return { about: 'reactivation' };
  return { about: 'unknown' };
}

/** Reads a vote: 10 and 5 approve, 5 with suggestions; -5 waits for the author, -10 rejects; 0 takes a vote back. */
function outcomeOf(vote: number | null | undefined): ReviewEvent['action'] {
  if (!vote) return 'dismissed';
  return vote > 0 ? 'approved' : 'changes_requested';
}

/** Returns who did it: the person in the payload with whose name the message begins. No field says it. */
export function actorOf(
  pull: WholePullRequest,
  message: string,
): NonNullable<WholePullRequest['reviewers']>[number] | undefined {
  const people = [...(pull.reviewers ?? []), pull.createdBy, pull.closedBy];
  const named = people.filter((person) => person?.displayName && message.startsWith(`${person.displayName} `));
  const [longest] = named.sort((a, b) => (b?.displayName?.length ?? 0) - (a?.displayName?.length ?? 0));
  return longest ?? undefined;
}
