import { afterAll, beforeAll, expect, it } from 'vitest';
import { rememberConfigured } from '../../src/secrets/known-secrets.js';
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

it('what senders hide where no name tells it is in no view, whatever its form', async () => {
  const known = 'canary-known-81c2f0d93b';
  rememberConfigured([known]);
  const push = JSON.parse(uniquePush()) as { commits: { message: string }[]; head_commit: { message: string } | null };
  const message = `Use ${known} at https://anna:${CANARY}@git.example`;
  for (const commit of push.commits) commit.message = message;
  if (push.head_commit) push.head_commit.message = message;
  const headers = {
    'x-original-place': `/hook?key=${known}`,
    'x-gitlab-instance': `https://u:${CANARY}@gitlab.example`,
  };
  const { body } = await deliver(receiver.url, { body: JSON.stringify(push), headers });
  const stored = await receiver.store.inbox.find(body.delivery ?? '');
  expect(JSON.stringify(stored)).toContain(known);

  const token = { authorization: `Bearer ${API_TOKEN}` };
  const paths = ['', 'deliveries', `deliveries?text=acme`, `deliveries/${body.delivery}`, 'runs', 'lanes', 'sources'];
  const asked = [
    ...paths.flatMap((path) => [
      { path, headers: { accept: 'text/html' } },
      { path, headers: { accept: 'application/json' } },
    ]),
    ...['overview', 'deliveries', `deliveries/${body.delivery}?content=true`].map((path) => ({
      ...{ path: `api/${path}`, headers: token },
    })),
  ];
  for (const { path, headers } of asked) {
    const text = await (await fetch(`${receiver.url}/${path}`, { headers })).text();
    expect(text.length).toBeGreaterThan(10);
    for (const secret of [known, CANARY]) expect(text, path).not.toContain(secret);
  }
});
