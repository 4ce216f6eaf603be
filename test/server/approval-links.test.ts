import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApprovalToken, createCallbackToken } from '../../src/callback-token.js';
import { approvalKey, OPEN_APPROVALS, type OpenApproval } from '../../src/runs/approval-records.js';
import { Secret } from '../../src/secrets/secret.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { CALLBACK_KEY } from '../support/harness/receiver-config.js';
import { skeleton } from './page/skeleton.js';

const sha = 'a'.repeat(40);
const key = new Secret(CALLBACK_KEY);
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

/** Has a run wait for an approval, and returns the claims of a link to it. */
async function waiting(change: Partial<OpenApproval> = {}) {
  const expiresAt = Date.now() + 60_000;
  const open: OpenApproval = {
    ...{ run: `deploy/github/${randomUUID()}`, automation: 'deploy', name: 'production', nth: 1 },
    ...{ source: 'github', repository: 'acme/app', repositoryId: '1', branch: 'main', sha },
    ...{ by: ['anna'], quorum: 1, authors: [], allowAuthor: false, operators: true, since: 0, given: [] },
    ...{ askedAt: new Date().toISOString(), expiresAt: new Date(expiresAt).toISOString() },
    ...change,
  };
  const row = { collection: OPEN_APPROVALS, key: approvalKey(open), version: 1 };
  await receiver.store.records.upsert({ ...row, data: open });
  const claims = {
    run: open.run,
    approval: open.name,
    nth: 1,
    person: { login: 'anna' },
    sha,
    link: randomUUID(),
    expiresAt,
  };
  return { open, claims, end: () => receiver.store.records.remove(row) };
}

const address = (token: string) => `${receiver.url}/approvals/${token}`;
const press = (token: string, form: Record<string, string> | string) =>
  fetch(address(token), { method: 'POST', body: typeof form === 'string' ? form : new URLSearchParams(form) });
const signals = () => receiver.store.inbox.claim({ limit: 10, leaseMs: 60_000 });

test('an answer that does not count is refused before the link is used up', async () => {
  const { claims } = await waiting({ authors: [{ login: 'Anna' }] });
  const token = createApprovalToken(key, claims);
  const refused = await press(token, { answer: 'approve' });
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('somebody else has to approve it');
  expect(await signals()).toEqual([]);
  expect((await press(token, { answer: 'reject' })).status).toBe(200);
  expect(await signals()).toMatchObject([{ payload: { approves: false } }]);
});

test('a look at a link asks and changes nothing; a press of a button answers for its person, once, and is on disk then', async () => {
  const { open, claims } = await waiting();
  const token = createApprovalToken(key, claims);
  const wakes = receiver.wakes();
  const page = await fetch(address(token));
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(await page.text()).toContain(sha);
  expect(receiver.wakes()).toBe(wakes);
  expect(await signals()).toEqual([]);

  const answers = await Promise.all(Array.from({ length: 5 }, () => press(token, { answer: 'approve' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  expect(await signals()).toMatchObject([
    {
      kind: 'signal',
      workflowId: open.run,
      payload: { name: 'production', nth: 1, approves: true, how: 'link', person: { login: 'anna' }, sha },
    },
  ]);
  expect(JSON.stringify(receiver.kept.lines())).not.toContain(token.split('.')[1]);
});

test('a rejection carries its reason', async () => {
  const { claims } = await waiting();
  expect((await press(createApprovalToken(key, claims), { answer: 'reject', why: 'x'.repeat(5_000) })).status).toBe(
    200,
  );
  expect(await signals()).toMatchObject([{ payload: { approves: false, why: 'x'.repeat(500) } }]);
});

test('an approval with a reason is refused before the link is used up: who writes one means to reject', async () => {
  const { claims } = await waiting();
  const token = createApprovalToken(key, claims);
  const refused = await press(token, { answer: 'approve', why: 'not on a Friday' });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('nothing was approved');
  expect(await signals()).toEqual([]);
  expect((await press(token, { answer: 'approve', why: ' \r\n' })).status).toBe(200);
  expect(await signals()).toMatchObject([{ payload: { approves: true } }]);
});

test('a link that is wrong in any way, or too late, is no link', async () => {
  const { claims, end } = await waiting();
  const good = createApprovalToken(key, claims);
  const [payload = '', signature = ''] = good.split('.');
  const forged = Buffer.from(JSON.stringify({ ...claims, person: { login: 'eve' } })).toString('base64url');
  const wrong = [
    `${good}x`,
    good.slice(0, -1),
    `${forged}.${signature}`,
    `${payload}.${signature.replace(/.$/, (end) => (end === 'A' ? 'B' : 'A'))}`,
    createApprovalToken(new Secret('another key of this length'), claims),
    createApprovalToken(key, { ...claims, expiresAt: Date.now() }),
    // What lets a build report its end answers for nobody.
    createCallbackToken(key, {
      workflowId: claims.run,
      signal: 'hookyard-answer-approval',
      id: '1',
      expiresAt: claims.expiresAt,
    }),
  ];
  for (const token of wrong) {
    expect((await fetch(address(token))).status).toBe(404);
    expect((await press(token, { answer: 'approve' })).status).toBe(404);
  }
  const other = await fetch(`${receiver.url}/callbacks/${good}`, { method: 'POST', body: '{"status":"passed"}' });
  expect(other.status).toBe(404);
  // Another commit waits by now, or another approval of this name.
  for (const change of [{ sha: 'b'.repeat(40) }, { nth: 2 }, { approval: 'staging' }])
    expect((await press(createApprovalToken(key, { ...claims, ...change }), { answer: 'approve' })).status).toBe(410);
  for (const form of [{ answer: 'yes' }, { why: 'x' }, 'answer=approve'.repeat(2_000)])
    expect((await press(good, form)).status).toBeGreaterThanOrEqual(400);
  await end();
  expect((await fetch(address(good))).status).toBe(410);
  expect((await press(good, { answer: 'approve' })).status).toBe(410);
  expect(await signals()).toEqual([]);
});

test('nothing of what is asked becomes markup', async () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror='x'>`;
  const { claims } = await waiting({ automation: hostile, repository: hostile });
  const html = await (await fetch(address(createApprovalToken(key, { ...claims, person: { login: hostile } })))).text();
  expect(skeleton(html).filter((tag) => /^(?:script|img)|onerror/.test(tag))).toEqual([]);
  expect(html.match(/&lt;script>/g)).toHaveLength(3);
});
