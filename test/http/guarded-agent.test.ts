import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isPublic, PrivateAddressError } from '../../src/http/address.js';
import { guardedAgent, guardedLookup, type LookupAll } from '../../src/http/guarded-agent.js';

let port = 0;
let connections = 0;
const hosts: (string | undefined)[] = [];
const server = createServer((req, res) => {
  hosts.push(req.headers.host);
  res.end('ok');
});
server.on('connection', () => {
  connections += 1;
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  connections = 0;
  hosts.length = 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const answers =
  (...addresses: string[]): LookupAll =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

/** The status, or the error. */
async function reach(url: string, agent: Agent): Promise<unknown> {
  try {
    const { statusCode, body } = await request(url, { dispatcher: agent, signal: AbortSignal.timeout(3_000) });
    await body.dump();
    return statusCode;
  } catch (error) {
    return error;
  } finally {
    await agent.destroy();
  }
}

const guarded = (lookup?: LookupAll) => guardedAgent({ allowPrivate: false, ...(lookup && { lookup }) });

const PRIVATE = [
  '127.0.0.1',
  '127.255.255.254',
  '0x7f.1',
  '2130706433',
  '127.1',
  '①②⑦.0.0.1',
  '0.0.0.0',
  '169.254.169.254',
  '168.63.129.16',
  '100.64.0.1',
  '100.127.255.254',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.1.1',
  '198.18.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.51.100.1',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::127.0.0.1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fe80::1]',
  '[fec0::1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001::1]',
  '[2001:db8::1]',
  '[100::1]',
  '[ff02::1]',
  '[4000::1]',
];

test.each(PRIVATE)('%s is refused before anything is sent', async (host) => {
  expect(await reach(`http://${host}:${port}/`, guarded())).toBeInstanceOf(PrivateAddressError);
  expect(connections).toBe(0);
});

test.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:2800:220:1:248:1893:25c8:1946'])(
  '%s is public',
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

test.each(['', 'localhost', '127.0.0.1.', '8.8.8.8/32', 'fe80::1%eth0'])('%j is no public address', (text) => {
  expect(isPublic(text)).toBe(false);
});

test('a private address is refused over https too, and by the name that the system itself knows', async () => {
  for (const url of [`https://127.0.0.1:${port}/`, `https://[::1]:${port}/`, `https://localhost:${port}/`])
    expect(await reach(url, guarded())).toBeInstanceOf(PrivateAddressError);
  expect(connections).toBe(0);
});

describe('a name can’t change its mind between the check and the connection', () => {
  /** Another answer each time. */
  function changing(...each: string[]): { lookup: LookupAll; asked: () => number } {
    let asked = 0;
    return {
      lookup: (name, options, callback) => answers(each[asked++ % each.length] ?? '')(name, options, callback),
      asked: () => asked,
    };
  }

  test('a name is looked up once, and refused by that answer', async () => {
    const { lookup, asked } = changing('10.0.0.1', '127.0.0.1');
    expect(await reach(`http://rebind.example:${port}/`, guarded(lookup))).toBeInstanceOf(PrivateAddressError);
    expect(asked()).toBe(1);
    expect(connections).toBe(0);
  });

  test('the connection goes to the very address that was checked, under the name that was asked for', async () => {
    // Only local addresses can be connected to in a test, so here they are the allowed ones.
    const checked: string[] = [];
    const { lookup, asked } = changing('127.0.0.1', '192.0.2.1');
    const isAllowed = (address: string) => checked.push(address) > 0 && address === '127.0.0.1';
    const connect = buildConnector({ lookup: guardedLookup(lookup, isAllowed) as never });
    expect(await reach(`http://some.example:${port}/`, new Agent({ connect }))).toBe(200);
    expect(asked()).toBe(1);
    expect(checked).toEqual(['127.0.0.1']);
    expect(hosts).toEqual([`some.example:${port}`]);
  });

  test('a name is checked anew for each connection', async () => {
    const { lookup, asked } = changing('127.0.0.1', '192.0.2.1');
    const connector = buildConnector({ lookup: guardedLookup(lookup, (address) => address === '127.0.0.1') as never });
    expect(await reach(`http://some.example:${port}/`, new Agent({ connect: connector }))).toBe(200);
    expect(await reach(`http://some.example:${port}/`, new Agent({ connect: connector }))).toBeInstanceOf(
      PrivateAddressError,
    );
    expect(asked()).toBe(2);
    expect(connections).toBe(1);
  });
});

test.each([
  ['the last is private', ['93.184.216.34', '127.0.0.1']],
  ['the first is private', ['127.0.0.1', '93.184.216.34']],
  ['the only one is private', ['127.0.0.1']],
  ['an IPv6 one is private', ['93.184.216.34', '::1']],
  ['one is a mapped private one', ['93.184.216.34', '::ffff:127.0.0.1']],
  ['one is no address', ['93.184.216.34', 'localhost']],
  ['there is none', []],
])('an address is refused when, of what its look-up answers, %s', async (_, addresses) => {
  expect(await reach(`http://both.example:${port}/`, guarded(answers(...addresses)))).toBeInstanceOf(
    PrivateAddressError,
  );
  expect(connections).toBe(0);
});

test('a name that can’t be resolved now is no private address', async () => {
  const failing: LookupAll = (_, __, callback) =>
    callback(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' }), []);
  expect(await reach(`http://some.example:${port}/`, guarded(failing))).toMatchObject({ code: 'EAI_AGAIN' });
});

test('allowPrivate lets private ones through', async () => {
  expect(await reach(`http://127.0.0.1:${port}/`, guardedAgent({ allowPrivate: true }))).toBe(200);
});

test('the refusal names the host that was asked for', async () => {
  const because = ' is, or may lead to, a private address';
  expect(await reach('http://10.0.0.1/', guarded())).toMatchObject({
    name: 'PrivateAddressError',
    message: `10.0.0.1${because}`,
  });
  expect(await reach('http://inner.example/', guarded(answers('10.0.0.1')))).toMatchObject({
    message: `inner.example${because}`,
  });
});

test('whoever asks for one address of a name gets the first, with its family', () => {
  const given: unknown[] = [];
  const look = guardedLookup(answers('2606:2800:220:1:248:1893:25c8:1946', '93.184.216.34'), isPublic);
  look('some.example', {}, ((...answer: unknown[]) => given.push(answer)) as never);
  expect(given).toEqual([[null, '2606:2800:220:1:248:1893:25c8:1946', 6]]);
});
