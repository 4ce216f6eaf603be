import fc from 'fast-check';
import { expect, test } from 'vitest';
import { senderKey } from '../../src/events/synthesised-key.js';
import { workflowIdFor } from '../../src/runs/workflow-id.js';

test('a workflow id names automation, source and delivery', () => {
  expect(workflowIdFor({ automation: 'ci', source: 'github', key: '7-1' })).toBe('ci/github/7-1');
});

test('a workflow id of more than 255 bytes is cut to its beginning, and differs from others of the same beginning', () => {
  const ids = ['x', 'y'].map((end) =>
    workflowIdFor({ automation: 'ä'.repeat(120), source: 'github', key: `${'k'.repeat(190)}${end}` }),
  );
  for (const id of ids) {
    expect(Buffer.byteLength(id)).toBeLessThanOrEqual(255);
    expect(id).toMatch(/^ä+.*~[0-9a-f]{32}$/);
    expect(id).not.toContain('\ufffd');
  }
  expect(new Set(ids).size).toBe(2);
});

test('a workflow id of just 255 bytes stays as it is', () => {
  const id = (length: number) => workflowIdFor({ automation: 'ci', source: 'hub', key: 'k'.repeat(length) });
  expect(id(248)).toBe(`ci/hub/${'k'.repeat(248)}`);
  expect(id(249)).toMatch(/^ci\/hub\/k{215}~[0-9a-f]{32}$/);
});

test('what separates the parts of a name is escaped in a sender’s key, always in the same way', () => {
  const key = 'a/b~c%2F';
  expect(workflowIdFor({ automation: 'ci', source: 'hub', key })).toBe('ci/hub/a%2Fb%7Ec%252F');
  expect(workflowIdFor({ automation: 'ci', source: 'hub', key, part: 1, replay: 2 })).toBe(
    'ci/hub/a%2Fb%7Ec%252F/2/replay-2',
  );
});

test('keys as providers give them stay as they are in names, and so do keys of our own', () => {
  const idOf = (key: string, source = 'hub') => workflowIdFor({ automation: 'ci', source, key });
  const uuid = '3f1b6a3e-8f0e-4c1e-9a3e-0123456789ab';
  for (const key of [
    uuid,
    'evt_1A',
    'msg_2b',
    `sha256-${'0a'.repeat(32)}`,
    `${uuid}:7`,
    'a+b=',
    'sweep/a/b/main@c0ffee',
  ])
    expect(idOf(key)).toBe(`ci/hub/${key}`);
  expect(idOf('ci/by-hand-1', 'manual')).toBe('ci/manual/ci/by-hand-1');
});

test('no two runs share a name, whatever the keys of their deliveries are', () => {
  const piece = fc.constantFrom(
    'a',
    '/',
    '2',
    '/2',
    '/replay-1',
    '~',
    '%',
    '%2F',
    'hub',
    'sweep/',
    '@',
    `~${'0'.repeat(32)}`,
  );
  const key = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => senderKey(pieces.join('')));
  const run = fc.record({
    automation: fc.constantFrom('ci', 'hub'),
    source: fc.constantFrom('hub', 'ci', 'sweep'),
    key,
    part: fc.constantFrom(0, 1),
    replay: fc.constantFrom(undefined, 1),
  });
  fc.assert(
    fc.property(run, run, (one, other) => {
      expect(workflowIdFor(one) === workflowIdFor(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 5_000 },
  );
});
