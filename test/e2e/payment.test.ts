import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDispatcher } from '../../src/dispatch/dispatcher.js';
import { packageRoot } from '../../src/paths.js';
import { knownSources } from '../../src/providers/known-sources.js';
import { createApp } from '../../src/server/app.js';
import { type Listening, listen } from '../../src/server/listen.js';
import { openWorkshop, type Workshop } from '../support/harness/worker.js';
import { testClient, unique } from '../support/temporal.js';

const STRIPE = 'whsec_of_stripe';
const PARTNER = `whsec_${Buffer.from('a webhook secret of 32 bytes ...').toString('base64')}`;

let workshop: Workshop;
let client: Awaited<ReturnType<typeof testClient>>;
let receiver: Listening;
let dispatcher: ReturnType<typeof createDispatcher>;
const received: { headers: IncomingMessage['headers']; body: string }[] = [];
const mails: string[] = [];
const stripe = unique('stripe');

/** The payment service: away for the first attempt. */
const service = createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  received.push({ headers: req.headers, body });
  res.writeHead(received.length === 1 ? 500 : 204).end();
});
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _, done) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    stream.on('end', () => {
      mails.push(text);
      done();
    });
  },
});

beforeAll(async () => {
  client = await testClient();
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  workshop = await openWorkshop(
    () => ({
      sources: { [stripe]: { kind: 'stripe', secrets: [{ env: 'STRIPE' }] } },
      endpoints: {
        payments: {
          url: `http://127.0.0.1:${port(service)}/payments`,
          secrets: [{ env: 'PARTNER' }],
          allowPrivate: true,
        },
      },
      channels: {
        email: { receipts: { server: { env: 'SMTP' }, from: 'shop@example.com', to: ['books@example.com'] } },
      },
    }),
    { STRIPE, PARTNER, SMTP: `smtp://127.0.0.1:${port(smtp.server)}` },
    join(packageRoot, 'automations'),
  );
  const { config, store, catalog, taskQueue } = workshop;
  const log = pino({ level: 'silent' });
  dispatcher = createDispatcher({ inbox: store.inbox, client, taskQueue, log });
  dispatcher.start();
  const app = createApp({
    config,
    sources: knownSources(config.sources),
    store,
    client,
    log,
    automations: () => catalog.automations,
    wake: dispatcher.wake,
  });
  receiver = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await receiver?.close();
  await dispatcher?.stop();
  await workshop?.close();
  await client?.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  await new Promise((resolve) => service.close(resolve));
});

test('a payment of Stripe is recorded, passed on and receipted exactly once, however often it is delivered', async () => {
  const body = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'payment_intent.succeeded',
    created: 1_795_507_200,
    data: { object: { id: 'pi_1', object: 'payment_intent', amount: 2_500, currency: 'eur' } },
  });
  const post = async () => {
    const time = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', STRIPE).update(`${time}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` };
    const answer = await fetch(`${receiver.url}/webhooks/${stripe}`, { method: 'POST', headers, body });
    return { status: answer.status, ...((await answer.json()) as { runs: string[]; duplicate?: boolean }) };
  };
  const answers = [...(await Promise.all([post(), post(), post()])), await post(), await post()];
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(202));
  expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(4);
  const runs = new Set(answers.flatMap((answer) => answer.runs));
  expect([...runs]).toEqual([`payment/${stripe}/evt_1`]);

  await expect.poll(() => workshop.store.inbox.backlog(), { timeout: 15_000 }).toMatchObject({ pending: 0 });
  expect(await client.workflow.getHandle(`payment/${stripe}/evt_1`).result()).toMatchObject({ outcome: 'passed' });
  expect(await workshop.store.records.list('payments', { limit: 10 })).toMatchObject([
    { key: 'pi_1', data: { amount: 2_500, currency: 'eur' } },
  ]);
  expect(received).toHaveLength(2);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const last = received[1];
  expect(new Webhook(PARTNER).verify(last?.body ?? '', last?.headers as Record<string, string>)).toMatchObject({
    data: { id: 'pi_1', amount: 2_500 },
  });
  expect(mails).toEqual([expect.stringContaining('Payment of 25.00 EUR')]);
}, 60_000);
