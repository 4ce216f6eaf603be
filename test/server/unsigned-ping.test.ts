import { expect, test } from 'vitest';
import { startReceiver } from '../support/harness/receiver.js';

const sources = {
  data: { options: { kind: 'bitbucket-data-center', url: 'https://bitbucket.example' } },
};

test("Bitbucket Data Center's unsigned test of the connection is answered as its page expects, and does nothing", async () => {
  const receiver = await startReceiver({ config: { sources } });
  const post = (headers: Record<string, string>) =>
    fetch(`${receiver.url}/webhooks/data`, {
      method: 'POST',
      body: '{"test":true}',
      headers: { 'content-type': 'application/json', ...headers },
    });
  try {
    const ping = await post({ 'x-event-key': 'diagnostics:ping' });
    expect(ping.status).toBe(200);
    expect(await ping.json()).toEqual({ ignored: 'ping; it is not signed, so the secret was not checked' });
    expect((await post({ 'x-event-key': 'repo:refs_changed' })).status).toBe(401);
    expect((await post({})).status).toBe(401);
    expect(await receiver.store.inbox.list({ limit: 10 })).toEqual([]);
  } finally {
    await receiver.close();
  }
});
