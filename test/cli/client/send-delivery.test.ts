import { afterEach, expect, test } from 'vitest';
import { sendDelivery } from '../../../src/cli/client/send-delivery.js';
import type { Credential } from '../../../src/providers/sign.js';
import { Secret } from '../../../src/secrets/secret.js';
import { type LocalServer, startServer } from '../../support/harness/http-server.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

const FOREIGN = 'gehe1mnis-пароль-密码';

test.each<[Credential, string]>([
  [{ kind: 'plain', header: 'x-token' }, FOREIGN],
  [{ kind: 'bearer', header: 'authorization' }, `Bearer ${FOREIGN}`],
])('a secret that is not ASCII arrives as its UTF-8: %o', async (credential, expected) => {
  server = await startServer(() => ({ status: 200, body: {} }));
  const secret = { secret: new Secret(FOREIGN), reference: { env: 'S' } };
  await sendDelivery(server.url, { source: 's', body: Buffer.from('{}'), headers: {}, credential, secret });
  const given = server.received[0]?.headers[credential.header] ?? '';
  expect(Buffer.from(String(given), 'latin1').toString('utf8')).toBe(expected);
});
