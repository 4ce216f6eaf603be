import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PullRequestEvent } from '../../src/events/event.js';
import { pullRequest } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import { pullRequestEvent } from './sample-events.js';

const sometimes = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });

const trigger = fc
  .record({
    branches: sometimes(['main'], ['next'], ['!main']),
    authors: sometimes(['bob'], ['!bob'], ['ada']),
    titles: sometimes(['!WIP*'], ['ready*']),
    labels: sometimes(['bug'], ['ready']),
    allLabels: sometimes(['bug', 'ready']),
    headBranches: sometimes(['more'], ['!skip/*']),
    draft: sometimes(true, false),
    skippable: sometimes(false),
  })
  .map((options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)))
  .map((options) => pullRequest(options));

/** What whoever opens a pull request writes into it. */
const choice = fc.record({
  title: fc.constantFrom('ready to go', 'WIP: x', 'x [skip ci]', 'x'),
  message: fc.constantFrom(undefined, 'x', '[no ci]', 'x\n\nskip-checks: true'),
  labels: fc.subarray(['bug', 'ready']),
  head: fc.constantFrom('more', 'skip/x'),
  draft: fc.boolean(),
});
type Choice = typeof choice extends fc.Arbitrary<infer C> ? C : never;

const given = fc.record({ base: fc.constantFrom('main', 'next', 'old'), author: fc.constantFrom('ada', 'bob') });
type Given = typeof given extends fc.Arbitrary<infer G> ? G : never;

function eventOf({ base, author }: Given, { title, message, labels, head, draft }: Choice): PullRequestEvent {
  const { commit, pullRequest } = pullRequestEvent();
  return pullRequestEvent(
    { commit: { ...commit, ...(message !== undefined && { message }) } },
    { title, labels, draft, author, base: { ref: base }, head: { ...pullRequest.head, ref: head } },
  );
}

test('checks are reported as skipped only where nothing that the author could have written would have run them', () => {
  let skipped = 0;
  const triggers = fc.array(trigger, { minLength: 1, maxLength: 3 });
  const others = fc.array(choice, { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(triggers, given, choice, others, (on, where, chosen, all) => {
      const matched = match({ on }, eventOf(where, chosen));
      if (matched.runs || !matched.skips) return;
      skipped += 1;
      for (const other of all) expect(match({ on }, eventOf(where, other)).runs).toBe(false);
    }),
    { numRuns: 2_000 },
  );
  expect(skipped).toBeGreaterThan(100);
});
