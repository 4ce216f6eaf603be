import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createNotifyEmail } from '../../src/activities/notify-email.js';
import { createNotifySlack } from '../../src/activities/notify-slack.js';
import { createNotifySms } from '../../src/activities/notify-sms.js';
import type { ConfigInput } from '../../src/config/index.js';
import { type Answer, type LocalServer, startServer } from '../remote/local-server.js';
import { activity, configOf, depsOf, failureOf } from '../remote/setting.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const deps = (channels: NonNullable<ConfigInput['channels']>, values: Record<string, string>) =>
  depsOf(
    configOf(
      { sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } }, channels },
      { HOOK: 'x', ...values },
    ),
  );

async function local(...answers: Answer[]): Promise<LocalServer> {
  const server = await startServer(() => answers.shift() ?? { status: 500 });
  closing.push(() => server.close());
  return server;
}

describe('Slack', () => {
  const slack = async (...answers: Answer[]) => {
    const server = await local(...answers);
    const notify = createNotifySlack(
      deps({ slack: { team: { url: { env: 'SLACK' } } } }, { SLACK: `${server.url}/services/canary-path` }),
    );
    return { server, send: (channel = 'team') => activity().run(notify, { channel, text: 'hello' }) };
  };

  test('is asked again when it was busy, after the time it named', async () => {
    const { server, send } = await slack(
      { status: 429, headers: { 'retry-after': '30' } },
      { status: 200, body: 'ok' },
    );
    expect(await failureOf(send(), 'canary')).toMatchObject({ nonRetryable: false, nextRetryDelay: 30_000 });
    await send();
    expect(server.received.map(({ path, body }) => [path, body])).toEqual(
      Array(2).fill(['/services/canary-path', { text: 'hello' }]),
    );
  });

  test.each([
    [404, 'no_service', 'NotConfigured'],
    [403, 'action_prohibited', 'NotConfigured'],
    [400, 'invalid_payload', 'Refused'],
  ])('%i %s is final', async (status, body, type) => {
    const { send } = await slack({ status, body });
    expect(await failureOf(send(), 'canary')).toMatchObject({
      nonRetryable: true,
      type,
      message: expect.stringContaining(body),
    });
  });

  test('a connection that is cut is tried again, and the address stays unknown', async () => {
    const { send } = await slack('drop');
    expect(await failureOf(send(), 'canary')).toMatchObject({ nonRetryable: false });
  });

  test('a channel that is not configured, or whose variable is unset, says so', async () => {
    const { send } = await slack();
    expect(await failureOf(send('nowhere'), 'canary')).toMatchObject({
      type: 'NotConfigured',
      message: expect.stringContaining('add channels.slack.nowhere'),
    });
    const unset = createNotifySlack(deps({ slack: { team: { url: { env: 'UNSET' } } } }, {}));
    expect(await failureOf(activity().run(unset, { channel: 'team', text: 'x' }), 'canary')).toMatchObject({
      type: 'NotConfigured',
      message: expect.stringContaining('channels.slack.team.url is not set'),
    });
  });
});

describe('Twilio', () => {
  const sms = async (...answers: Answer[]) => {
    const requests: { auth: string; form: Record<string, string>; path: string }[] = [];
    const { createServer } = await import('node:http');
    const server = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      requests.push({
        auth: req.headers.authorization ?? '',
        form: Object.fromEntries(new URLSearchParams(body)),
        path: req.url ?? '',
      });
      const answer = answers.shift();
      const { status, body: text } = typeof answer === 'object' ? answer : { status: 500, body: '' };
      res.writeHead(status).end(typeof text === 'object' ? JSON.stringify(text) : text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const channel = { accountSid: 'AC1', authToken: { env: 'TWILIO' }, from: '+100', to: ['+1', '+2'], apiUrl };
    const notify = createNotifySms(deps({ sms: { team: channel } }, { TWILIO: 'canary-token' }));
    return { requests, notify };
  };

  test('does not text those again who have got it', async () => {
    const { requests, notify } = await sms({ status: 201 }, { status: 503 }, { status: 201 });
    const first = activity();
    expect(await failureOf(first.run(notify, { channel: 'team', text: 'hi' }), 'canary')).toMatchObject({
      nonRetryable: false,
    });
    await activity({ attempt: 2, heartbeatDetails: first.beats.at(-1) }).run(notify, { channel: 'team', text: 'hi' });
    expect(requests.map(({ form }) => form)).toEqual([
      { To: '+1', From: '+100', Body: 'hi' },
      { To: '+2', From: '+100', Body: 'hi' },
      { To: '+2', From: '+100', Body: 'hi' },
    ]);
    expect(requests[0]).toMatchObject({
      path: '/2010-04-01/Accounts/AC1/Messages.json',
      auth: `Basic ${Buffer.from('AC1:canary-token').toString('base64')}`,
    });
  });

  test.each([
    [401, 20003, 'NotConfigured'],
    [400, 21211, 'Refused'],
  ])('%i with code %i is final', async (status, code, type) => {
    const { notify } = await sms({ status, body: { code, message: 'x' } });
    expect(await failureOf(activity().run(notify, { channel: 'team', text: 'hi' }), 'canary')).toMatchObject({
      nonRetryable: true,
      type,
      message: expect.stringContaining(String(code)),
    });
  });
});

describe('mail', () => {
  const mail = async (onData: () => number | undefined) => {
    const taken: { to: string[]; text: string }[] = [];
    const server = new SMTPServer({
      authOptional: false,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _, done) =>
        username === 'me' && password === 'canary-password' ? done(null, { user: 'me' }) : done(new Error('Invalid')),
      onData: (stream, session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        stream.on('end', () => {
          taken.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
          const code = onData();
          done(code ? Object.assign(new Error('no'), { responseCode: code }) : null);
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    const port = (server.server.address() as AddressInfo).port;
    const notify = (password = 'canary-password') =>
      createNotifyEmail(
        deps(
          { email: { team: { server: { env: 'SMTP' }, from: 'a@b.c', to: ['x@y.z', 'v@w.z'] } } },
          { SMTP: `smtp://me:${password}@127.0.0.1:${port}` },
        ),
      );
    const input = { channel: 'team', subject: 'Built\r\nBcc: evil@example.com', text: 'fine', id: 'id-1' };
    return { taken, send: (password?: string) => activity().run(notify(password), input) };
  };

  test('is sent again when the server was busy, under the same id, and a subject adds no header', async () => {
    const codes = [451, undefined];
    const { taken, send } = await mail(() => codes.shift());
    expect(await failureOf(send(), 'canary')).toMatchObject({ nonRetryable: false });
    await send();
    expect(taken.map(({ to }) => to)).toEqual(Array(2).fill(['x@y.z', 'v@w.z']));
    for (const { text } of taken) {
      expect(text).toMatch(/^Message-ID: <id-1@hookyard>\r$/m);
      expect(text).toMatch(/^Subject: Built Bcc: evil@example\.com\r$/m);
      expect(text).not.toMatch(/^Bcc:/m);
    }
  });

  test('with a wrong password says which option to correct', async () => {
    const { send } = await mail(() => undefined);
    expect(await failureOf(send('canary-wrong'), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'NotConfigured',
      message: expect.stringContaining('channels.email.team.server'),
    });
  });

  test('that the server refuses for good is not sent again', async () => {
    const { send } = await mail(() => 550);
    expect(await failureOf(send(), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'Refused',
      message: expect.stringContaining('550'),
    });
  });
});
