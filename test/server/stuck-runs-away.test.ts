import { expect, test } from 'vitest';
import { createStuckRunsMetric } from '../../src/server/stuck-runs-metric.js';
import { startReceiver } from '../support/harness/receiver.js';
import { API_TOKEN } from '../support/harness/receiver-config.js';
import { awayClient } from '../support/temporal.js';

test('while Temporal is away the number is not known, and whoever asks is told to ask again', async () => {
  const away = awayClient();
  const receiver = await startReceiver({ client: away });
  try {
    const answer = await fetch(`${receiver.url}/api/runs/stuck`, { headers: { authorization: `Bearer ${API_TOKEN}` } });
    expect([answer.status, await answer.json()]).toEqual([503, { error: expect.stringContaining('Temporal') }]);
    const expose = createStuckRunsMetric({ client: away, taskQueue: 'any', uiUrl: undefined });
    expect((await expose()).toLowerCase()).toContain('hookyard_stuck_runs nan');
  } finally {
    await receiver.close();
    await away.connection.close();
  }
});
