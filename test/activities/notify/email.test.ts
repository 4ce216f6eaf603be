import { type AddressInfo, createServer, type Socket } from 'node:net';
import { CancelledFailure } from '@temporalio/common';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createNotifyEmail } from '../../../src/activities/notify/email.js';
import { activity, failureOf } from '../../support/harness/activity.js';
import { depsWith } from './channels.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const MAIL = { channel: 'team', subject: 'Built\r\nBcc: evil@example.com', text: 'All fine.', id: 'id-1' };

/** The activity with `server` as its mail server. */
function mailer(server: string, deadlineMs?: number) {
  const channel = { server: { env: 'SMTP' }, from: 'Hookyard <a@b.example>', to: ['x@y.example', 'v@w.example'] };
  const deps = depsWith({ email: { team: channel } }, { SMTP: server });
  const notify = createNotifyEmail(deps, { ...(deadlineMs && { deadlineMs }) });
  return { lines: deps.lines, send: (run = activity()) => run.run(notify, MAIL) };
}

interface Taken {
  readonly user: unknown;
  readonly from: string | undefined;
  readonly to: string[];
  readonly text: string;
}

/** An SMTP server that asks for a password. `code` makes it answer a stage of the conversation with that code. */
async function mailServer(
  code: (stage: 'auth' | 'data' | `to ${string}`) => number | undefined = () => undefined,
  { tls = false }: { tls?: boolean } = {},
) {
  const taken: Taken[] = [];
  const logins: { readonly secure: boolean }[] = [];
  const no = (responseCode: number) => Object.assign(new Error('no to canary-password'), { responseCode });
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: tls ? [] : ['STARTTLS'],
    onAuth: ({ username, password }, { secure }, done) => {
      logins.push({ secure });
      const refusal = code('auth');
      if (refusal) return done(no(refusal));
      return username === 'me' && password === 'canary-password' ? done(null, { user: 'me' }) : done(no(535));
    },
    onRcptTo: ({ address }, _, done) => {
      const refusal = code(`to ${address}`);
      done(refusal ? no(refusal) : null);
    },
    onData: (stream, { user, envelope }, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : undefined;
        taken.push({ user, from, to: envelope.rcptTo.map(({ address }) => address), text });
        const refusal = code('data');
        done(refusal ? no(refusal) : null);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return {
    ...{ taken, logins },
    with: (password: string) => mailer(`smtp://me:${password}@127.0.0.1:${port}`),
    /** By an address that does not say that it is this machine's. */
    from: (query: string) => mailer(`smtp://me:canary-password@0.0.0.0:${port}${query}`),
  };
}

test('a mail is sent again when the server was busy, under the same id', async () => {
  const codes = [451, undefined];
  const server = await mailServer((stage) => (stage === 'data' ? codes.shift() : undefined));
  const { send, lines } = server.with('canary-password');
  expect(await failureOf(send(), 'canary')).toMatchObject({
    nonRetryable: false,
    message: expect.stringContaining('451'),
  });
  await send();
  expect(server.taken).toHaveLength(2);
  for (const { user, from, to, text } of server.taken) {
    expect({ user, from, to }).toEqual({ user: 'me', from: 'a@b.example', to: ['x@y.example', 'v@w.example'] });
    expect(text).toMatch(/^Message-ID: <id-1@hookyard>\r$/m);
    expect(text).toMatch(/^From: Hookyard <a@b\.example>\r$/m);
    expect(text).toMatch(/^To: x@y\.example, v@w\.example\r$/m);
    expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(text.split('\r\n\r\n')[1]).toContain('All fine.');
  }
  expect(lines.join()).not.toContain('canary');
});

test('a line break in a subject begins no header', async () => {
  const { taken, with: login } = await mailServer();
  await login('canary-password').send();
  expect(taken[0]?.text).toMatch(/^Subject: Built Bcc: evil@example\.com\r$/m);
  expect(taken[0]?.text).not.toMatch(/^Bcc:/im);
  expect(taken[0]?.to).not.toContain('evil@example.com');
});

test('a refusal of the password is final, and says which option to correct', async () => {
  const { taken, with: login } = await mailServer();
  expect(await failureOf(login('canary-wrong').send(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'NotConfigured',
    message: expect.stringContaining('correct the user and password of channels.email.team.server'),
  });
  expect(taken).toEqual([]);
});

test('a refusal of the password for the moment is tried again', async () => {
  const codes = [454, undefined];
  const { taken, with: login } = await mailServer((stage) => (stage === 'auth' ? codes.shift() : undefined));
  const { send } = login('canary-password');
  expect(await failureOf(send(), 'canary')).toMatchObject({
    nonRetryable: false,
    message: expect.stringContaining('454'),
  });
  await send();
  expect(taken).toHaveLength(1);
});

test.each(['', '?requireTLS=false&ignoreTLS=true', '?secured=true'])(
  'a server without TLS that is not on this machine gets neither password nor mail, whatever its address asks for: %j',
  async (query) => {
    const { taken, logins, from } = await mailServer();
    expect(await failureOf(from(query).send(), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'NotConfigured',
      message: expect.stringContaining('it offers no TLS (STARTTLS)'),
    });
    expect({ taken, logins }).toEqual({ taken: [], logins: [] });
  },
);

test('a server elsewhere gets the password by TLS', async () => {
  const { taken, logins, from } = await mailServer(undefined, { tls: true });
  await from('?tls.rejectUnauthorized=false').send();
  expect(logins).toEqual([{ secure: true }]);
  expect(taken).toHaveLength(1);
  await failureOf(from('').send(), 'canary');
  expect(logins).toHaveLength(1);
});

test('a refusal of the mail is final', async () => {
  const { with: login } = await mailServer((stage) => (stage === 'data' ? 550 : undefined));
  expect(await failureOf(login('canary-password').send(), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'Refused',
    message: expect.stringContaining('550'),
  });
});

test('a refusal of every recipient is final, or tried again, as the server says', async () => {
  for (const [code, nonRetryable] of [
    [550, true],
    [450, false],
  ] as const) {
    const { taken, with: login } = await mailServer((stage) => (stage.startsWith('to ') ? code : undefined));
    expect(await failureOf(login('canary-password').send(), 'canary')).toMatchObject({ nonRetryable });
    expect(taken).toEqual([]);
  }
});

test('a refusal of one recipient is in the log, and the mail is not sent twice to the other', async () => {
  const { taken, with: login } = await mailServer((stage) => (stage === 'to v@w.example' ? 550 : undefined));
  const { send, lines } = login('canary-password');
  await send();
  expect(taken.map(({ to }) => to)).toEqual([['x@y.example']]);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ channel: 'team', refused: 1, of: 2 }]);
});

describe('a server that takes the connection and says nothing', () => {
  async function silent() {
    const sockets = new Set<Socket>();
    let opened = () => {};
    const connected = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.resume();
      opened();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    closing.unshift(async () => {
      for (const socket of sockets) socket.destroy();
    });
    return { sockets, connected, url: `smtp://me:canary@127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  test('a server that takes the connection and says nothing is given up at the deadline, tried again, and the connection is closed', async () => {
    const { url, sockets } = await silent();
    expect(await failureOf(mailer(url, 200).send(), 'canary')).toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('no answer within'),
    });
    await expect.poll(() => sockets.size).toBe(0);
  });

  test('a server that takes the connection and says nothing does not hold a run that is cancelled, nor gets the mail after all', async () => {
    const { url, connected, sockets } = await silent();
    const run = activity();
    const sending = mailer(url).send(run);
    sending.catch(() => undefined);
    await connected;
    run.cancel();
    await expect(sending).rejects.toBeInstanceOf(CancelledFailure);
    await expect.poll(() => sockets.size).toBe(0);
  });
});

test('a connection that is refused is tried again', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  expect(await failureOf(mailer(`smtp://me:canary@127.0.0.1:${port}`).send(), 'canary')).toMatchObject({
    nonRetryable: false,
  });
});

test.each(['canary', 'https://me:canary@mail.example', 'smtp://', 'smtp://me:canary@exa mple:99999'])(
  'a server that is no address is final, and is not shown: %s',
  async (server) => {
    expect(await failureOf(mailer(server).send(), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'NotConfigured',
      message: 'channels.email.team.server is not an smtp:// or smtps:// URL',
    });
  },
);
