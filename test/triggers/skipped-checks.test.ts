import { describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { mergeGroup, pullRequest, push } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import { mergeGroupEvent, pullRequestEvent, pushEvent } from './sample-events.js';

function skips(on: Trigger | Trigger[], event: HookyardEvent): boolean {
  const matched = match({ on: [on].flat() }, event);
  return !matched.runs && matched.skips;
}

const elsewhere = { base: { ref: 'old', sha: 'x' } };
const main = pullRequest({ branches: ['main'] });
const next = pullRequest({ branches: ['next'] });
const titled = pullRequest({ titles: ['x'] });

describe('checks are reported as skipped', () => {
  test.each<[string, Trigger | Trigger[], HookyardEvent]>([
    ['for another base branch', main, pullRequestEvent({}, elsewhere)],
    ['for an author who is not listed', pullRequest({ authors: ['ada'] }), pullRequestEvent()],
    [
      'for another base branch, though the author is not known',
      pullRequest({ branches: ['main'], authors: ['ada'] }),
      pullRequestEvent({}, { ...elsewhere, author: undefined } as never),
    ],
    ['where two triggers are for other branches', [main, next], pullRequestEvent({}, elsewhere)],
    ['for a merge group of another branch', mergeGroup({ branches: ['next'] }), mergeGroupEvent()],
    [
      'for another base branch, whatever the title',
      pullRequest({ branches: ['main'], titles: ['x'] }),
      pullRequestEvent({}, elsewhere),
    ],
  ])('%s', (_, on, event) => {
    expect(skips(on, event)).toBe(true);
  });
});

describe('checks stay as they are, so that nobody passes a required one by what they write,', () => {
  const commit = (message: string) => pullRequestEvent({ commit: { sha: 'x', message } });

  test.each<[string, Trigger | Trigger[], HookyardEvent]>([
    ['for a skip marker in the title', pullRequest(), pullRequestEvent({}, { title: 'x [skip ci]' })],
    ['for a skip marker in the message', pullRequest(), commit('[ci skip]')],
    ['for a skip trailer in the message', pullRequest(), commit('x\n\nskip-checks: true')],
    ['for a title', pullRequest({ titles: ['!Sell*'] }), pullRequestEvent()],
    ['for a label', pullRequest({ labels: ['ready'] }), pullRequestEvent()],
    ['for all labels', pullRequest({ allLabels: ['ready'] }), pullRequestEvent()],
    ['for the name of the head branch', pullRequest({ headBranches: ['!more'] }), pullRequestEvent()],
    ['for a draft', pullRequest({ draft: false }), pullRequestEvent({}, { draft: true })],
    ['for no draft', pullRequest({ draft: true }), pullRequestEvent()],
    ['for a title, after a trigger for another branch', [next, titled], pullRequestEvent()],
    ['for a title, before a trigger for another branch', [titled, next], pullRequestEvent()],
    [
      'for an author who is not known',
      pullRequest({ branches: ['main'], authors: ['ada'] }),
      pullRequestEvent({}, { author: undefined } as never),
    ],
    ['for a fork', main, pullRequestEvent({}, { ...elsewhere, fork: true })],
    ['for a merge group that is no more', mergeGroup({ branches: ['next'] }), mergeGroupEvent({ action: 'destroyed' })],
    ['for a merge group that nothing listens to', main, mergeGroupEvent()],
    ['for a push', push({ branches: ['main'] }), pushEvent({ branch: 'dev' })],
    ['for an action that brings no code', main, pullRequestEvent({ action: 'labeled' }, elsewhere)],
  ])('%s', (_, on, event) => {
    expect(skips(on, event)).toBe(false);
  });
});
