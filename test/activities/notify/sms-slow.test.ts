import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createNotifySms } from '../../../src/activities/notify/sms.js';
import { activity, failureOf } from '../../support/harness/activity.js';
import { depsWith } from './channels.js';

const texted: (string | null)[] = [];
const twilio = createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  texted.push(new URLSearchParams(body).get('To'));
  res.writeHead(201).end('{}');
});
afterEach(async () => {
  twilio.closeAllConnections();
  await new Promise((resolve) => twilio.close(resolve));
});

/** Bug: an attempt that Temporal cut off lost its latest heartbeats, and people were texted again. */
test('an attempt whose time is over ends itself after a recipient, and the next goes on from there', async () => {
  await new Promise<void>((resolve) => twilio.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(twilio.address() as AddressInfo).port}`;
  const channel = { accountSid: 'AC1', authToken: { env: 'TWILIO' }, from: '+100', to: ['+1', '+2', '+3'] };
  const deps = depsWith({ sms: { team: { ...channel, apiUrl } } }, { TWILIO: 'canary-token' });
  // No time at all: each attempt texts one person.
  const notify = createNotifySms(deps, { attemptMs: 0 });
  const input = { channel: 'team', text: 'x' };

  let heartbeatDetails: unknown;
  for (const attempt of [1, 2]) {
    const run = activity({ attempt, heartbeatDetails });
    expect(await failureOf(run.run(notify, input), 'canary')).toMatchObject({
      nonRetryable: false,
      nextRetryDelay: 1_000,
      message: `Twilio is slow: sent to ${attempt} of 3 recipients of channel team`,
    });
    heartbeatDetails = run.beats.at(-1);
    expect(texted).toEqual(['+1', '+2'].slice(0, attempt));
  }
  const last = activity({ attempt: 3, heartbeatDetails });
  await last.run(notify, input);
  expect(last.beats.at(-1)).toEqual(['+1', '+2', '+3']);
  expect(texted).toEqual(['+1', '+2', '+3']);
});
