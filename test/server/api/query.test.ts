import { expect, test } from 'vitest';
import { deliveriesQuery } from '../../../src/server/api/queries/deliveries.js';
import { actsQuery, outboundQuery } from '../../../src/server/api/queries/installation.js';
import { lanesQuery } from '../../../src/server/api/queries/lanes.js';
import { logsQuery } from '../../../src/server/api/queries/logs.js';
import { runsQuery } from '../../../src/server/api/queries/runs.js';
import { readQuery } from '../../../src/server/api/query.js';

test.each([
  ['limit', runsQuery],
  ['pullRequest', runsQuery],
  ['before', deliveriesQuery],
  ['before', outboundQuery],
  ['limit', lanesQuery],
  ['after', logsQuery],
] as const)('a number of a query is written in digits: "%s"', (name, schema) => {
  for (const text of ['', ' ', 'one', '1e2', '0x10', '1.5', '-1', ' 5', '99999999999999999'])
    expect(() => readQuery(schema, { run: 'r', [name]: text }), text).toThrow(
      `the parameter "${name}" must be a whole number from `,
    );
  expect(readQuery(schema, { run: 'r', [name]: '5' })).toMatchObject({ [name]: 5 });
  expect(readQuery(schema, { run: 'r', [name]: 5 })).toMatchObject({ [name]: 5 });
});

test('where nothing is said of how many, there are as many as the document says', () => {
  expect(readQuery(runsQuery, {})).toEqual({ limit: 50 });
  expect(readQuery(logsQuery, { run: 'r' })).toEqual({ run: 'r', after: 0, limit: 500 });
});

test.each(['zzz', '1', '0000000000000000-12345678x', '-'])(
  'no act has the key %s, so that no page begins behind it',
  (after) => {
    expect(() => readQuery(actsQuery, { after })).toThrow(
      'the parameter "after" must be the "next" of the page before',
    );
  },
);

test('times are told until the end of the year 9999, which Temporal can read', () => {
  const year10000 = Date.parse('+010000-01-01T00:00:00Z');
  expect(readQuery(runsQuery, { since: String(year10000 - 1) }).since).toBe(year10000 - 1);
  expect(() => readQuery(runsQuery, { since: String(year10000) })).toThrow('the parameter "since" must be a time');
  expect(readQuery(runsQuery, { since: '0001-01-01' }).since).toBe(0);
});

test('what is said of an answer with an empty value is not said', () => {
  const said = { ended: '', edited: '', pullRequests: '', since: '' };
  expect(readQuery(runsQuery, said)).toEqual({ limit: 50 });
  expect(readQuery(runsQuery, { edited: 'false' })).toMatchObject({ edited: false });
});
