import { expect, test } from 'vitest';
import { deliver as send } from '../support/harness/delivery.js';
import { pushPayload, repository } from '../support/harness/payloads.js';
import { startReceiver } from '../support/harness/receiver.js';

test('a source speaks for the repositories it is bound to, and what it says of others is ignored', async () => {
  const sources = { github: { options: { repositories: ['acme/*'] } } };
  const receiver = await startReceiver({ config: { sources } });
  try {
    const own = await send(receiver.url, { body: JSON.stringify(pushPayload()) });
    expect(own.body.runs).toHaveLength(1);
    const foreign = pushPayload({ repository: { ...repository, full_name: 'eve/shop' } });
    const { status, body } = await send(receiver.url, { body: JSON.stringify(foreign) });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      ignored: 'the source may not speak for eve/shop: it is not in its repositories',
      runs: [],
    });
  } finally {
    await receiver.close();
  }
});
