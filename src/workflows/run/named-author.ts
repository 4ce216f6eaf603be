import { isCancellation } from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';
import type { AuthorLists, Preconditions } from '../../runs/options.js';
import { inTexts } from '../../triggers/filters.js';
import { provider } from './activities.js';
import { reasonOf } from './failure.js';
import { type GateAnswer, refused } from './gate-answer.js';

/**
 * Returns the event with the author of its pull request if one of the lists includes them, else why not. Who it is, is
 * unknown where the provider can't be asked; then the checks stay as they are.
 */
export async function withAuthor<E extends HookyardEvent>(
  event: E,
  { lists, skips }: AuthorLists,
): Promise<GateAnswer<E>> {
  if (event.kind !== 'pull_request') return refused('it has no author who could be in authors', false);
  const { source, repository, pullRequest } = event;
  const { number } = pullRequest;
  const found = await provider
    .readPullRequest({ source, repository: repository.fullName, number })
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return { because: ` (${reasonOf(error)})` };
    });
  const { author, because = '' }: { readonly author?: string; readonly because?: string } = found;
  const reasons = lists.map((list) => inTexts('author', author, 'authors', list));
  if (reasons.every((reason) => reason !== undefined))
    return refused(`${reasons.join('; ')}${because}`, author !== undefined && skips === true);
  return { admitted: true, event: { ...event, ...(author && { pullRequest: { ...pullRequest, author } }) } };
}

/** Returns what has to be found out for the author of a pull request: what the triggers ask for whose lists include them. */
export function ofAuthor(asked: Preconditions, { lists, each = [] }: AuthorLists, event: HookyardEvent): Preconditions {
  const author = event.kind === 'pull_request' ? event.pullRequest.author : undefined;
  const own = each.filter((_, at) => inTexts('author', author, 'authors', lists[at]) === undefined);
  const { paths: _, skipMarker: __, ...others } = asked;
  return {
    ...others,
    // As of any triggers that agree: one without a path filter lets all in, and one that heeds no marker too.
    ...(own.every(({ paths }) => paths) && { paths: own.flatMap(({ paths = [] }) => paths) }),
    ...(own.every(({ skipMarker }) => skipMarker) && { skipMarker: true as const }),
  };
}
