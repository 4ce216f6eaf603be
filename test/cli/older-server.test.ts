import { expect, test } from 'vitest';
import { startServer } from '../support/harness/http-server.js';
import { openPlace } from '../support/harness/place.js';

test('hookyard demo goes on to its end at a server that does not tell what runs have kept', async () => {
  const place = await openPlace();
  const server = await startServer(({ path }) => {
    switch (path) {
      case '/healthz':
        return { status: 200, body: {} };
      case '/webhooks/github':
        return { status: 202, body: { delivery: 'd1', runs: ['ci/github/1'], verdicts: [] } };
      case '/api/runs':
        return { status: 200, body: { status: 'completed', outcome: 'passed', result: {} } };
      case '/api/logs':
        return { status: 200, body: { jobs: [], lines: [] } };
      default:
        return { status: 404, body: {} };
    }
  });
  const { code, out, err } = await place.hookyard(['demo', '--source', 'github', '--url', server.url]);
  await server.close();
  expect(err).toBe('');
  expect(out).toContain('of an older version');
  expect(out).toContain(`${server.url}/runs/`);
  expect(out).toContain('npx hookyard explain d1');
  expect(code).toBe(0);
});
