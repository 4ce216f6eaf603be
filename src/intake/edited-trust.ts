import type { HookyardEvent } from '../events/event.js';

/**
 * Returns why an edited delivery may not start anything, in words; undefined if it may. How far a run is trusted hangs on what the
 * provider has signed: on the repository, on who did it, on the commit, and on whether that is a stranger's. So each of its events
 * has to have these from an event of what was received. Nobody is made to say what they have not said: what comments and reviews
 * start hangs on who wrote them.
 */
export function whyNotTrusted(
  received: readonly HookyardEvent[],
  edited: readonly HookyardEvent[],
): string | undefined {
  for (const event of edited) {
    if (event.kind === 'comment' || event.kind === 'review')
      return `a ${event.kind} speaks for who wrote it, so it is judged only: write one, or run the automation by hand`;
    const alike = received.filter(({ kind }) => kind === event.kind);
    const [first] = alike;
    if (!first)
      return `what was received is no ${event.kind.replaceAll('_', ' ')}: nothing says how far it is to be trusted`;
    if (alike.some((one) => changedFacts(one, event).length === 0)) continue;
    const changed = changedFacts(first, event).join(' and ');
    return `${changed} would be another than the provider has signed, and how far a run is trusted hangs on that`;
  }
  return undefined;
}

function changedFacts(received: HookyardEvent, edited: HookyardEvent): string[] {
  const [before, after] = [factsOf(received), factsOf(edited)];
  return Object.keys(before).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** What gates go by, under the names that people read. */
function factsOf(event: HookyardEvent): Readonly<Record<string, unknown>> {
  const { repository, sender, commit, fork, checkSuite, mergeQueue } = event as Partial<
    Record<'repository' | 'sender' | 'commit' | 'fork' | 'checkSuite' | 'mergeQueue', unknown>
  > & { repository?: { id: string; fullName: string; private: boolean }; commit?: { sha: string } };
  const pull = event.kind === 'pull_request' ? event.pullRequest : undefined;
  return {
    'the repository': repository && [repository.id, repository.fullName, repository.private],
    'the sender': sender,
    'the commit': [commit?.sha, pull?.head.sha],
    'whose code it is': [fork, checkSuite, mergeQueue, pull?.fork, pull?.head.repository],
    'its author': pull?.author,
  };
}
