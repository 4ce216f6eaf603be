import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliver, sign } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { API_TOKEN, SECRET } from '../support/harness/receiver-config.js';

const CANARY = 'canary-4f1c9e7a';

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

it('no secret is in a log line, a stored delivery or an answer', async () => {
  const answers: string[] = [];
  const headers = {
    authorization: `Bearer ${CANARY}`,
    cookie: `session=${CANARY}`,
    'x-gitlab-token': CANARY,
    'x-forwarded-secret': CANARY,
    'x-hub-signature': `sha1=${CANARY}`,
  };
  const body = uniquePush();
  const sendings = [
    { body, headers },
    { body, headers: { ...headers, 'x-hub-signature-256': `sha256=${CANARY}` } },
    { body, headers: { ...headers, 'x-hub-signature-256': sign('other') } },
    { body, headers: { ...headers, 'x-github-event': undefined } },
    { body, headers, source: `github?secret=${CANARY}` },
    { body, headers, source: `${CANARY}` },
    { body: `{"${CANARY}"`, headers },
    { body: JSON.stringify({ ref: { [CANARY]: 1 } }), headers },
  ];
  for (const sending of sendings) {
    const { text, headers: answered } = await deliver(receiver.url, sending);
    answers.push(text, JSON.stringify([...answered]));
  }
  for (const path of [`/callbacks/${CANARY}`, `/api/runs?id=${CANARY}`, `/${CANARY}`, `/webhooks/${CANARY}/%E0%A4%A`]) {
    const response = await fetch(`${receiver.url}${path}`, {
      method: 'POST',
      headers: { authorization: headers.authorization },
    });
    answers.push(await response.text());
  }
  const stored = await receiver.store.inbox.list({ limit: 100 });
  expect(stored.length).toBeGreaterThan(0);
  const everything = [...answers, ...receiver.kept.printed, JSON.stringify(stored)].join('\n');
  for (const secret of [CANARY, SECRET, API_TOKEN, sign(body)]) expect(everything).not.toContain(secret);
});
