import { expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { comment, pullRequest, push } from '../../src/triggers/index.js';
import { concerns } from '../../src/triggers/match.js';
import type { Trigger } from '../../src/triggers/trigger.js';
import { commentEvent, pullRequestEvent, pushEvent } from './sample-events.js';

test.each<[string, Trigger, HookyardEvent, boolean]>([
  ['of its kind', push(), pushEvent(), true],
  ['that its other filters refuse', push({ branches: ['release/**'] }), pushEvent(), true],
  ['of another kind', push(), pullRequestEvent(), false],
  [
    'of another kind, from its own source',
    comment({ commands: ['x'], sources: ['github'] }),
    pullRequestEvent(),
    false,
  ],
  ['from its source', pullRequest({ sources: ['github'] }), pullRequestEvent(), true],
  ['from another source', pullRequest({ sources: ['hub'] }), pullRequestEvent(), false],
  ['of its repository', comment({ commands: ['x'], repositories: ['acme/*'] }), commentEvent(), true],
  ['of another repository', comment({ commands: ['x'], repositories: ['other/*'] }), commentEvent(), false],
])('a trigger is about events %s, or not', (_, trigger, event, isAbout) => {
  expect(concerns(trigger, event)).toBe(isAbout);
});
