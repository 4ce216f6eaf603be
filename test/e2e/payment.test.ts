import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { closers } from '../support/harness/closers.js';
import { type Installation, openInstallation } from '../support/harness/installation.js';
import { type RunningReceiver, runReceiver } from '../support/harness/running-receiver.js';
import { runWorker } from '../support/harness/worker.js';
import { testClient, unique } from '../support/temporal.js';

const STRIPE = 'whsec_of_stripe';
const PARTNER = `whsec_${Buffer.from('a webhook secret of 32 bytes ...').toString('base64')}`;

const { add, defer, close } = closers();
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let receiver: RunningReceiver;
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
  client = add(await testClient());
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  defer(() => new Promise((resolve) => service.close(resolve)));
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  defer(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
  const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  installation = add(
    await openInstallation({
      name: 'payment',
      automations: join(packageRoot, 'automations'),
      config: () => ({
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
      values: { STRIPE, PARTNER, SMTP: `smtp://127.0.0.1:${port(smtp.server)}` },
    }),
  );
  add(await runWorker(installation));
  receiver = add(await runReceiver(installation, client));
});
afterAll(close);

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

  await expect.poll(() => installation.store.inbox.backlog(), { timeout: 15_000 }).toMatchObject({ pending: 0 });
  expect(await client.workflow.getHandle(`payment/${stripe}/evt_1`).result()).toMatchObject({ outcome: 'passed' });
  expect(await installation.store.records.list('payments', { limit: 10 })).toMatchObject([
    { key: 'pi_1', data: { amount: 2_500, currency: 'eur' } },
  ]);
  expect(received).toHaveLength(2);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const last = received[1];
  expect(new Webhook(PARTNER).verify(last?.body ?? '', last?.headers as Record<string, string>)).toMatchObject({
    data: { id: 'pi_1', amount: 2_500 },
  });
  expect(mails).toEqual([expect.stringContaining('Payment of 25.00 EUR')]);
});
