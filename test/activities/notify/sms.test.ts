import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createNotifySms } from '../../../src/activities/notify/sms.js';
import { activity, failureOf } from '../../support/harness/activity.js';
import { depsWith } from './channels.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Reply {
  readonly status: number;
  readonly code?: number;
  readonly retryAfter?: string;
}

/** Twilio's API as far as sending goes: checks who asks and what, and answers in turn. Its refusals quote what they got. */
async function twilio({ to, replies }: { to: string[]; replies: Reply[] }) {
  const texted: string[] = [];
  const accepted: string[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const form = new URLSearchParams(body);
    const expected = `Basic ${Buffer.from('AC1:canary-token').toString('base64')}`;
    const right =
      req.method === 'POST' &&
      req.url === '/2010-04-01/Accounts/AC1/Messages.json' &&
      req.headers['content-type'] === 'application/x-www-form-urlencoded' &&
      req.headers.authorization === expected &&
      form.get('From') === '+100' &&
      form.get('Body') === 'Built & shipped: 100 %\n✓';
    const { status, code, retryAfter }: Reply = right ? (replies.shift() ?? { status: 500 }) : { status: 418 };
    texted.push(form.get('To') ?? '');
    if (status === 201) accepted.push(form.get('To') ?? '');
    res.writeHead(status, retryAfter ? { 'retry-after': retryAfter } : {});
    res.end(JSON.stringify({ code, message: `canary-token from ${req.headers.authorization}`, status }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const channel = { accountSid: 'AC1', authToken: { env: 'TWILIO' }, from: '+100', to, apiUrl };
  const deps = depsWith({ sms: { team: channel } }, { TWILIO: 'canary-token' });
  const notify = createNotifySms(deps);
  const input = { channel: 'team', text: 'Built & shipped: 100 %\n✓' };
  return {
    texted,
    accepted,
    lines: deps.lines,
    /** The second time with what the first one's heartbeat left. */
    attempt: (run = activity()) => run.run(notify, input),
  };
}

test('every recipient is texted, and a retry texts only who has not got it', async () => {
  const { texted, accepted, attempt, lines } = await twilio({
    to: ['+1', '+2'],
    replies: [{ status: 201 }, { status: 503 }, { status: 201 }],
  });
  const first = activity();
  expect(await failureOf(attempt(first), 'canary')).toMatchObject({ nonRetryable: false });
  expect(texted).toEqual(['+1', '+2']);
  await attempt(activity({ attempt: 2, heartbeatDetails: first.beats.at(-1) }));
  expect(texted).toEqual(['+1', '+2', '+2']);
  expect(accepted).toEqual(['+1', '+2']);
  expect(lines.join()).not.toContain('canary');
});

test('429 is tried again after the time that Twilio names', async () => {
  const { texted, attempt } = await twilio({
    to: ['+1'],
    replies: [{ status: 429, code: 20429, retryAfter: '7' }, { status: 201 }],
  });
  expect(await failureOf(attempt(), 'canary')).toMatchObject({
    nonRetryable: false,
    nextRetryDelay: 7_000,
    message: expect.stringContaining('20429'),
  });
  await attempt();
  expect(texted).toEqual(['+1', '+1']);
});

test('refused credentials are final, say what to correct, and nobody else is tried', async () => {
  const { texted, attempt } = await twilio({ to: ['+1', '+2'], replies: [{ status: 401, code: 20003 }] });
  expect(await failureOf(attempt(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'NotConfigured',
    message: 'Twilio answered 401 (error 20003) for channel team: correct channels.sms.team.accountSid and authToken',
  });
  expect(texted).toEqual(['+1']);
});

test('a number that Twilio refuses is final, and the others are texted all the same', async () => {
  const { accepted, attempt } = await twilio({
    to: ['+nonsense', '+2'],
    replies: [{ status: 400, code: 21211 }, { status: 201 }],
  });
  expect(await failureOf(attempt(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'Refused',
    message: 'Twilio answered 400 (error 21211) for channel team',
  });
  expect(accepted).toEqual(['+2']);
});

test('trouble that passes outweighs a refused number: the rest is still to be texted', async () => {
  const { attempt, accepted } = await twilio({
    to: ['+nonsense', '+2'],
    replies: [{ status: 400, code: 21211 }, { status: 503 }, { status: 400, code: 21211 }, { status: 201 }],
  });
  expect(await failureOf(attempt(), 'canary')).toMatchObject({ nonRetryable: false });
  expect(await failureOf(attempt(), 'canary')).toMatchObject({ nonRetryable: true, type: 'Refused' });
  expect(accepted).toEqual(['+2']);
});

test('a token that is unset says so', async () => {
  const channel = { accountSid: 'AC1', authToken: { env: 'UNSET' }, from: '+100', to: ['+1'] };
  const notify = createNotifySms(depsWith({ sms: { team: channel } }, {}));
  expect(await failureOf(activity().run(notify, { channel: 'team', text: 'x' }), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'NotConfigured',
    message: expect.stringContaining('channels.sms.team.authToken is not set'),
  });
});
