import { expect, test } from 'vitest';
import { whatIsLeft } from '../../../../src/cli/client/secrets/what-is-left.js';

test.each([
  ['server.apiToken', 'addresses of badges, feeds and build monitors that are in use'],
  ['server.callbackKey', 'links by which people approve, in messages that were sent,'],
])('what was made with %s, and ends with it, is told of', (option, what) => {
  const uses = [{ option }] as unknown as Parameters<typeof whatIsLeft>[0]['uses'];
  const left = (until: number | undefined) => whatIsLeft({ path: '/secrets/x', uses }, { until, hooks: [] });
  expect(left(Date.UTC(2026, 0, 2))).toContainEqual(
    expect.stringContaining(`${what} are valid until 2026-01-02T00:00:00.000Z`),
  );
  expect(left(undefined)).toContainEqual(expect.stringContaining(`${what} are valid no more`));
});
