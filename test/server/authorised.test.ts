import { afterEach, expect, test } from 'vitest';
import { bearer } from '../../src/http/auth-headers.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

const TOKEN = 'ein-gehe1mnis-für-die-Schnittstelle';

let receiver: Receiver;
afterEach(() => receiver.close());

test.each([
  ['as UTF-8', bearer(TOKEN), 200],
  ['as Latin-1', `bearer  ${TOKEN}`, 200],
  ['with another letter', bearer(TOKEN.replace('ü', 'ä')), 401],
  ['without the letter', bearer(TOKEN.replace('ü', '')), 401],
])('an API token that is not ASCII, sent %s', async (_, authorization, status) => {
  receiver = await startReceiver({ config: { apiToken: TOKEN } });
  expect((await fetch(`${receiver.url}/api/deliveries`, { headers: { authorization } })).status).toBe(status);
});
