import { expect, test } from 'vitest';
import { searchAttributes } from '../../src/runs/search-attributes.js';
import { prepareNamespace } from '../../src/temporal/search-attributes.js';
import { keepLog } from '../support/harness/log.js';
import { startTemporal } from '../support/own-temporal.js';

test('a namespace that an older version prepared gets the search attributes that are new, and keeps the others', async () => {
  const older = await startTemporal({ without: ['HookyardOutcome', 'HookyardWaiting'] });
  try {
    const { client, connection } = older;
    const { log } = keepLog();
    const named = async () => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      return Object.keys(customAttributes ?? {}).filter((name) => name.startsWith('Hookyard'));
    };
    expect(await named()).not.toContain('HookyardOutcome');
    await prepareNamespace(client, { attributes: searchAttributes, log, ownServer: false });
    const all = searchAttributes.map(({ name }) => name).sort();
    await expect.poll(async () => (await named()).sort(), { timeout: 20_000 }).toEqual(all);
    // Again, it changes nothing.
    await prepareNamespace(client, { attributes: searchAttributes, log, ownServer: false });
  } finally {
    await older.teardown();
  }
});

test('the search attributes have room on a SQL database: ten of type Keyword', () => {
  expect(searchAttributes.filter(({ type }) => type === 'Keyword').length).toBeLessThanOrEqual(10);
});
