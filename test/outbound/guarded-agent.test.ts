import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPublic, PrivateAddressError } from '../../src/activities/outbound/address.js';
import { guardedAgent, guardedLookup, type LookupAll } from '../../src/activities/outbound/guarded-agent.js';

let port = 0;
let asked = 0;
const server = createServer((_, res) => {
  asked += 1;
  res.end('ok');
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const answers =
  (...addresses: string[]): LookupAll =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function reach(url: string, lookup?: LookupAll): Promise<unknown> {
  const agent = guardedAgent({ allowPrivate: false, ...(lookup && { lookup }) });
  try {
    return await request(url, { dispatcher: agent, signal: AbortSignal.timeout(3_000) }).catch(
      (error: unknown) => error,
    );
  } finally {
    await agent.destroy();
  }
}

describe('a private address is refused before anything is sent', () => {
  test.each([
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    '127.1',
    '①②⑦.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:7f00:1]',
    '[::ffff:10.0.0.1]',
    '169.254.169.254',
    '100.64.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '192.0.2.1',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '[fc00::1]',
    '[fe80::1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:db8::1]',
    '[ff02::1]',
  ])('written as %s', async (host) => {
    const before = asked;
    expect(await reach(`http://${host}:${port}/`)).toBeInstanceOf(PrivateAddressError);
    expect(asked).toBe(before);
  });

  test('behind a name', async () => {
    expect(await reach(`http://internal.example:${port}/`, answers('127.0.0.1'))).toBeInstanceOf(PrivateAddressError);
  });

  test('behind a name that has a public one too', async () => {
    expect(await reach(`http://both.example:${port}/`, answers('93.184.216.34', '127.0.0.1'))).toBeInstanceOf(
      PrivateAddressError,
    );
    expect(await reach(`http://both.example:${port}/`, answers('127.0.0.1', '93.184.216.34'))).toBeInstanceOf(
      PrivateAddressError,
    );
  });

  test('behind a name that has no address at all', async () => {
    expect(await reach(`http://none.example:${port}/`, answers())).toBeInstanceOf(PrivateAddressError);
  });
});

test('a name is looked up once: one that would change its mind is not asked a second time', async () => {
  let lookups = 0;
  const rebinding: LookupAll = (name, options, callback) => {
    lookups += 1;
    answers(lookups === 1 ? '10.0.0.1' : '127.0.0.1')(name, options, callback);
  };
  const before = asked;
  expect(await reach(`http://rebind.example:${port}/`, rebinding)).toBeInstanceOf(PrivateAddressError);
  expect(lookups).toBe(1);
  expect(asked).toBe(before);
});

test('the connection goes to the very addresses that were checked', async () => {
  const looked = answers('127.0.0.1');
  const handedOn = await new Promise((resolve) =>
    guardedLookup(looked, () => true)('some.example', { all: true }, (...given: unknown[]) => resolve(given)),
  );
  expect(handedOn).toEqual([null, [{ address: '127.0.0.1', family: 4 }]]);
});

test('public addresses are let through', () => {
  for (const address of ['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'])
    expect(isPublic(address)).toBe(true);
});

test('allowPrivate lets private ones through', async () => {
  const agent = guardedAgent({ allowPrivate: true });
  expect((await request(`http://127.0.0.1:${port}/`, { dispatcher: agent })).statusCode).toBe(200);
  await agent.destroy();
});
