import { expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { pullRequest } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import { context, seedsOf } from './properties-seeds.js';
import { sourceOf } from './senders.js';

/** Reads a provider's fixture of an event, after it was changed. */
function read(kind: ProviderKind, name: string, change: (body: never) => void): HookyardEvent {
  const body = structuredClone(seedsOf(kind).find(({ event }) => event === name)?.body);
  change(body as never);
  const answer = schemeOf(sourceOf(kind)).normalise(body, name, context);
  if (!('event' in answer)) throw new Error(`${kind} told no event of ${name}`);
  return answer.event;
}

const LONG = 'a'.repeat(200);

test('who acted is known by the whole name, where a provider allows long ones', () => {
  const note = read('gitlab', 'Note Hook', (body: object) => Object.assign(body, { user: { username: LONG } }));
  const push = read('gitlab', 'Push Hook', (body: object) => Object.assign(body, { user_username: LONG }));
  const opened = read('bitbucket-data-center', 'pr:opened', (body: object) =>
    Object.assign(body, { actor: { name: LONG } }),
  );
  for (const event of [note, push, opened]) expect(event).toMatchObject({ sender: { login: LONG } });
});

test('a label counts by its whole name', () => {
  const labels = [{ title: `${LONG}-yes` }];
  const event = read('gitlab', 'Merge Request Hook', (body: object) => Object.assign(body, { labels }));
  const runs = (label: string) =>
    match({ on: [pullRequest({ labels: [label], actions: [(event as { action: 'opened' }).action] })] }, event).runs;
  expect([`${LONG}-yes`, `${LONG}-no`, LONG.slice(0, 100)].map(runs)).toEqual([true, false, false]);
});
