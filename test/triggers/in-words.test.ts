import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { triggerInWords } from '../../src/triggers/in-words.js';
import * as triggers from '../../src/triggers/index.js';
import type { Trigger } from '../../src/triggers/trigger.js';

test('a trigger says in a line what it listens to, with all that filters it', () => {
  const { push, pullRequest, cron, manual, completed, generic, review } = triggers;
  const said = [
    push(),
    push({ branches: ['main', '!wip/*'], paths: ['docs/**'], bots: false }),
    pullRequest({ draft: false, forks: true, own: true }),
    pullRequest({ draft: true, skippable: false }),
    cron('0 3 * * 1-5', { timezone: 'Europe/Berlin' }),
    manual({ inputs: { target: 'string' } }),
    completed('ci', { outcomes: ['failed', 'error'] }),
    generic({ sources: ['stripe'], types: ['payment_intent.*'] }),
    review({ permission: 'admin' }),
  ].map(triggerInWords);
  expect(said).toEqual([
    'push',
    'push: not of bots; branch main, !wip/*; changed file docs/**',
    'pull request: no drafts; of forks without approval; of Hookyard itself too',
    'pull request: only drafts; in spite of skip marks',
    'at times: 0 3 * * 1-5: in the time of Europe/Berlin',
    'by hand',
    'after ci: outcome failed, error',
    'webhook of a service: source stripe; type payment_intent.*',
    'review: by who may admin',
  ]);
});

/** Every option of a trigger that takes patterns or words, and the trigger that it makes. */
const MADE = {
  push: ['branches', 'paths', 'authors', 'messages', 'repositories', 'sources'],
  tag: ['tags', 'repositories', 'sources'],
  pullRequest: ['branches', 'headBranches', 'labels', 'allLabels', 'authors', 'titles', 'paths'],
  mergeGroup: ['branches', 'repositories'],
  comment: ['commands', 'repositories'],
  release: ['tags'],
  deployment: ['environments'],
  status: ['names', 'branches'],
  generic: ['types', 'sources'],
} as const;

describe.each(Object.entries(MADE))('%s()', (kind, options) => {
  test('tells of every pattern that filters it, and differs from the one that is not filtered', () => {
    const make = (triggers as unknown as Record<string, (options?: object) => Trigger>)[kind];
    if (!make) throw new Error(`there is no trigger ${kind}`);
    fc.assert(
      fc.property(fc.constantFrom(...options), fc.stringMatching(/^[a-z][a-z0-9-]{2,12}$/), (option, name) => {
        const pattern = option === 'repositories' ? `acme/${name}` : name;
        const words = triggerInWords(make({ [option]: [pattern] }));
        expect(words).toContain(pattern);
        expect(words).not.toBe(triggerInWords(make()));
      }),
    );
  });
});
