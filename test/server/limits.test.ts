import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { github as githubKind } from '../../src/providers/github/webhook/index.js';
import { listen } from '../../src/server/listen.js';
import { deliver, headersOf, sign } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { head, sendRaw } from '../support/harness/raw.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

const github = githubKind({ secrets: [] });

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ limits: { bodyDeadlineMs: 300, bodiesInFlight: 40 * 1024 * 1024 } });
});
afterAll(() => receiver.close());

const entries = (headers: Record<string, string>) => Object.entries(headers);
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

/** A head that promises a body and whose body never comes. */
const promise = (headers: Record<string, string>) => head('/webhooks/github', entries(headers));

it('a body that is declared too large is refused before it is read', async () => {
  const answer = await sendRaw(receiver.port, [
    promise({ ...headersOf({ body: 'x' }), 'content-length': String(github.maxBodyBytes + 1) }),
  ]);
  expect(statusOf(answer)).toBe(413);
  expect(answer.toLowerCase()).toContain('connection: close');
});

it('a body that turns out to be too large is refused while it is read', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const chunks = Array.from({ length: 26 }, () => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']).flat();
  const headers = { ...headersOf({ body: 'x' }), 'transfer-encoding': 'chunked' };
  // In its own time: the other receiver here gives a body half a second.
  const patient = await startReceiver();
  try {
    const answer = await sendRaw(patient.port, [head('/webhooks/github', entries(headers)), ...chunks]);
    expect(statusOf(answer)).toBe(413);
  } finally {
    await patient.close();
  }
});

it('a body of the largest size that GitHub sends is taken in', async () => {
  const patient = await startReceiver();
  try {
    const push = uniquePush().slice(0, -1);
    const filler = 'x'.repeat(github.maxBodyBytes - push.length - ',"filler":""}'.length);
    const sent = `${push},"filler":"${filler}"}`;
    const { status, body } = await deliver(patient.url, { body: sent });
    expect(status).toBe(202);
    const stored = await patient.store.inbox.body(body.delivery ?? '');
    expect(stored?.length).toBe(github.maxBodyBytes);
    expect(stored?.equals(Buffer.from(sent))).toBe(true);
  } finally {
    await patient.close();
  }
});

it('a body without a signature is not waited for', async () => {
  const { 'x-hub-signature-256': _, ...unsigned } = headersOf({ body: 'x' });
  const answer = await sendRaw(receiver.port, [promise({ ...unsigned, 'content-length': '1000' })]);
  expect(statusOf(answer)).toBe(401);
});

it('a body that trickles is given up after the deadline', async () => {
  const answer = await sendRaw(receiver.port, [
    promise({ ...headersOf({ body: 'x' }), 'content-length': '1000' }),
    '{"ref":',
  ]);
  expect(statusOf(answer)).toBe(408);
  expect(receiver.kept.lines('delivery').at(-1)).toMatchObject({ outcome: 'refused', status: 408 });
});

it('a body is one of few in memory: the next is told to come again', async () => {
  const small = await startReceiver({ limits: { bodiesInFlight: 1_000 } });
  try {
    const { status, headers } = await deliver(small.url, { body: uniquePush({ filler: 'x'.repeat(1_000) }) });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    // What was taken for it has been given back.
    for (let i = 0; i < 5; i += 1)
      expect((await deliver(small.url, { event: 'ping', body: `{"n":${i}}` })).status).toBe(202);
  } finally {
    await small.close();
  }
});

it('a body whose sender goes away is forgotten', async () => {
  const before = receiver.kept.lines('delivery').length;
  const socket = connect(receiver.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(promise({ ...headersOf({ body: 'x' }), 'content-length': '1000' }));
  socket.write('{"ref":', () => socket.destroy());
  await expect.poll(() => receiver.kept.lines('delivery').length).toBe(before + 1);
  expect(receiver.kept.lines('delivery').at(-1)).toMatchObject({ outcome: 'refused' });
});

describe('headers', () => {
  const body = uniquePush();
  const good = headersOf({ body });

  it.each(['x-hub-signature-256', 'x-hub-signature', 'x-github-event', 'x-github-delivery', 'content-type'])(
    'headers with %s twice are refused, unless they are equal',
    async (name) => {
      const value = good[name] ?? 'sha1=0';
      const once = { ...good, [name]: value, 'content-length': String(body.length) };
      const twice = [...entries(once), [name, `${value}0`] as [string, string]];
      const answer = await sendRaw(receiver.port, [head('/webhooks/github', twice), body]);
      expect(statusOf(answer)).toBe(400);
      expect(answer).toContain('more than once');
      const equal = await sendRaw(receiver.port, [head('/webhooks/github', [...entries(once), [name, value]]), body]);
      expect(statusOf(equal)).toBe(202);
    },
  );

  it.each([
    [
      'two lengths',
      [
        ['content-length', '5'],
        ['content-length', '6'],
      ],
    ],
    [
      'a length and chunks',
      [
        ['content-length', '5'],
        ['transfer-encoding', 'chunked'],
      ],
    ],
    ['a chunked encoding in disguise', [['transfer-encoding', 'xchunked']]],
  ] as const)('headers with %s are refused by the parser', async (_, smuggled) => {
    const answer = await sendRaw(receiver.port, [
      head('/webhooks/github', [...entries(good), ...smuggled]),
      '0\r\n\r\n',
    ]);
    expect(statusOf(answer)).toBe(400);
  });

  it('headers of more than 16 kB are refused', async () => {
    const answer = await sendRaw(receiver.port, [
      head('/webhooks/github', [...entries(good), ['x-filler', 'x'.repeat(20_000)]]),
    ]);
    expect(statusOf(answer)).toBe(431);
  });

  it('headers of another provider choose nothing', async () => {
    const stray = {
      'x-gitlab-token': 'guess',
      'x-gitea-signature': sign(body).slice('sha256='.length),
      'x-gitea-event': 'push',
      'x-hub-signature-256': undefined,
    };
    expect((await deliver(receiver.url, { body, headers: stray })).status).toBe(401);
    expect(
      (await deliver(receiver.url, { body, headers: { ...stray, 'x-hub-signature-256': sign(body) } })).status,
    ).toBe(202);
  });
});

it('a connection over the limit is closed, and that is told', async () => {
  const told: number[] = [];
  const { server, port, close } = await listen((_, res) => void res.end(), {
    host: '127.0.0.1',
    port: 0,
    mostConnections: 2,
    onDropped: (count) => void told.push(count),
  });
  const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  try {
    await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBe(2);
    // The first at once, the others with the next one after a minute.
    expect(told).toEqual([1]);
    expect(server.listening).toBe(true);
  } finally {
    for (const socket of sockets) socket.destroy();
    await close(100);
  }
});

it('who holds most of the connections makes room for others, and a new one of theirs is closed', async () => {
  const told: number[] = [];
  const { port, close } = await listen((_, res) => void res.end('for all'), {
    host: '127.0.0.1',
    port: 0,
    mostConnections: 4,
    onDropped: (count) => void told.push(count),
  });
  // All of 127.0.0.0/8 is this machine.
  const from = (localAddress: string) =>
    connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
  const held = Array.from({ length: 4 }, () => from('127.0.0.2'));
  const closed = () => held.filter((socket) => socket.closed).length;
  try {
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    const other = from('127.0.0.3').setEncoding('utf8');
    other.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    const [answer] = await once(other, 'data');
    expect(answer).toContain('200 OK');
    await expect.poll(closed).toBe(1);
    expect(told).toEqual([1]);
    held.push(from('127.0.0.2'));
    await expect.poll(closed).toBe(2);
    expect(held.at(-1)?.closed).toBe(true);
    expect(other.closed).toBe(false);
    other.destroy();
  } finally {
    for (const socket of held) socket.destroy();
    await close(100);
  }
});
