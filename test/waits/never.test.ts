import { describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { comment, pullRequest, push, review, status } from '../../src/triggers/index.js';
import { branchDeleted } from '../../src/triggers/kinds/branch-deleted.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import { aboutOf, placeOf } from '../../src/waits/about.js';
import { whyNeverAbout, whyNeverEnds } from '../../src/waits/never.js';
import { aComment, aPullRequest, aPush } from './an-event.js';

const why = (of: HookyardEvent, ...on: Trigger[]) =>
  whyNeverAbout(on, { place: placeOf(of) ?? { source: '', repository: '' }, about: aboutOf(of) });
const ofFork = aPullRequest({}, { fork: true });

describe('a wait', () => {
  test('for pushes alone is refused where the branch of the pull request is not told, or is a fork’s', () => {
    for (const of of [aComment(), ofFork]) {
      expect(why(of, push())).toMatch('"of" does not say the pull request');
      expect(why(of, push(), status(), branchDeleted())).toMatch('wait for pullRequest()');
    }
  });

  test('is fine as long as one of its triggers may come', () => {
    for (const of of [aComment(), ofFork]) expect(why(of, push(), comment())).toBeUndefined();
    expect(why(aPullRequest(), push())).toBeUndefined();
    expect(why(aPush(), push())).toBeUndefined();
  });
});

describe('the end of an automation', () => {
  test('by comments or reviews alone is refused where pushes alone start it', () => {
    expect(whyNeverEnds([comment()], [push()])).toMatch('comment() says no branch');
    expect(whyNeverEnds([review(), comment()], [push()])).toMatch('review() says no branch');
  });

  test('is fine as long as one of its runs may be ended', () => {
    expect(whyNeverEnds([comment()], [push(), pullRequest()])).toBeUndefined();
    expect(whyNeverEnds([comment(), branchDeleted()], [push()])).toBeUndefined();
    expect(whyNeverEnds([comment()], [pullRequest()])).toBeUndefined();
  });
});
