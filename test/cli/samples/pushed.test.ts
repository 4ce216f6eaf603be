import { expect, test } from 'vitest';
import { pushAs } from '../../../src/cli/samples/pushed.js';
import { toKnownSource } from '../../../src/providers/known-sources.js';
import { isGitSource } from '../../../src/providers/source.js';
import { eventsOf } from '../../../src/providers/webhook-scheme.js';
import { kinds, sourceOf } from '../../providers/senders.js';

const AFTER = 'a'.repeat(40);
const BEFORE = 'b'.repeat(40);
const push = {
  repository: 'acme/app',
  ref: 'refs/heads/feature/x',
  before: BEFORE,
  after: AFTER,
  message: 'Say "hello"\n\nand more',
  files: ['changed.txt'],
  added: ['a b.txt'],
  removed: [],
  author: { name: 'Ann', email: 'ann@example.com' },
  timestamp: '2026-11-24T08:00:00+01:00',
  web: 'https://git.example',
};

/** What a source of a kind reads from a push of ours. */
function read(kind: (typeof kinds)[number], change: Partial<typeof push> = {}) {
  const { scheme, source } = toKnownSource(sourceOf(kind));
  const web = 'url' in source ? source.url : push.web;
  const sample = pushAs(kind, { ...push, web, ...change });
  if (!sample) return undefined;
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(sample.body);
  const payload = scheme.parse({ headers, body });
  const eventName = sample.event ?? scheme.eventName({ headers, body, payload });
  const normalised = scheme.normalise(payload, eventName, { source: 's', deliveryId: 'd', receivedAt: 'now' });
  return 'ignored' in normalised ? normalised : eventsOf(normalised);
}

const withRepositories = kinds.filter((kind) => isGitSource(sourceOf(kind)));

test.each(withRepositories)('a push in the words of %s is the push that it was made from', (kind) => {
  expect(read(kind)).toMatchObject([
    {
      kind: 'push',
      branch: 'feature/x',
      before: BEFORE,
      created: false,
      commit: { sha: AFTER, message: expect.stringContaining('Say "hello"'), author: expect.stringContaining('Ann') },
      repository: { fullName: 'acme/app' },
    },
  ]);
  expect(read(kind, { before: '0'.repeat(40) })).toMatchObject([{ kind: 'push', created: true }]);
  expect(read(kind, { ref: 'refs/tags/v1', before: '0'.repeat(40) })).toMatchObject([
    { kind: 'tag', tag: 'v1', commit: { sha: AFTER } },
  ]);
});

test.each(withRepositories)('repositories of %s with two names are two, however often they push', (kind) => {
  const idOf = (repository: string) => {
    const events = read(kind, { repository });
    return Array.isArray(events) ? events[0]?.repository?.id : undefined;
  };
  const [app, shop, again] = [idOf('acme/app'), idOf('acme/shop'), idOf('acme/app')];
  expect(app).toMatch(/./);
  expect(shop).not.toBe(app);
  expect(again).toBe(app);
});

test('services without repositories have no pushes', () => {
  const others = kinds.filter((kind) => !withRepositories.includes(kind));
  expect(others.map((kind) => read(kind))).toEqual(others.map(() => undefined));
});
