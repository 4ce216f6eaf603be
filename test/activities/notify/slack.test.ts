import { afterEach, expect, test } from 'vitest';
import { createNotifySlack } from '../../../src/activities/notify/slack.js';
import { activity, failureOf } from '../../support/harness/activity.js';
import { type Answer, type LocalServer, startServer } from '../../support/harness/http-server.js';
import { depsWith } from './channels.js';

const open: LocalServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** An incoming webhook that gives these answers in turn. Its path is the credential. */
async function slack(...answers: Answer[]) {
  const server = await startServer(() => answers.shift() ?? { status: 500 });
  open.push(server);
  const deps = depsWith(
    { slack: { team: { url: { env: 'SLACK' } } } },
    { SLACK: `${server.url}/services/T1/canaryToken` },
  );
  const notify = createNotifySlack(deps);
  const send = (channel = 'team', text = 'hello') => activity().run(notify, { channel, text });
  return { server, send, lines: deps.lines };
}

test('a message is posted as JSON, and asked for again when Slack was busy, after the time it named', async () => {
  const { server, send, lines } = await slack(
    { status: 429, headers: { 'retry-after': '30' } },
    { status: 200, body: 'ok' },
  );
  expect(await failureOf(send(), 'canary')).toMatchObject({ nonRetryable: false, nextRetryDelay: 30_000 });
  await send();
  expect(server.received.map(({ method, path, body }) => [method, path, body])).toEqual(
    Array(2).fill(['POST', '/services/T1/canaryToken', { text: 'hello' }]),
  );
  expect(server.received[0]?.headers['content-type']).toMatch(/^application\/json/);
  expect(lines.join()).not.toContain('canary');
});

test('a long text is cut where Slack would cut it', async () => {
  const { server, send } = await slack({ status: 200, body: 'ok' });
  await send('team', 'x'.repeat(50_000));
  expect(server.received[0]?.body).toEqual({ text: 'x'.repeat(40_000) });
});

test.each([
  [404, 'no_service', 'NotConfigured'],
  [403, 'action_prohibited', 'NotConfigured'],
  [410, 'channel_is_archived', 'NotConfigured'],
  [400, 'invalid_payload', 'Refused'],
])('%i %s is final', async (status, body, type) => {
  const { server, send } = await slack({ status, body });
  expect(await failureOf(send(), 'canary')).toMatchObject({
    nonRetryable: true,
    type,
    message: expect.stringContaining(body),
  });
  expect(server.received).toHaveLength(1);
});

test('a redirect is not followed', async () => {
  const { server, send } = await slack({ status: 302, headers: { location: '/elsewhere' } });
  expect(await failureOf(send(), 'canary')).toMatchObject({ nonRetryable: true, type: 'Refused' });
  expect(server.received).toHaveLength(1);
});

test.each<[string, Answer]>([
  ['when the answer quotes the token', { status: 400, body: 'canaryToken' }],
  ['when the answer quotes the path', { status: 404, body: 'no such path: /services/T1/canaryToken' }],
  ['when Slack fails', { status: 500, body: 'canaryToken' }],
  ['when the connection is cut', 'drop'],
])('no failure shows the address, which is a credential, %s', async (_, answer) => {
  const { send, lines } = await slack(answer);
  await failureOf(send(), 'canary');
  expect(lines.join()).not.toContain('canary');
});

test.each(['canary', 'ftp://canary.example/', 'https://canary example/', 'https://'])(
  'no failure shows the address, which is a credential, where it is not an address: %s',
  async (url) => {
    const notify = createNotifySlack(depsWith({ slack: { team: { url: { env: 'SLACK' } } } }, { SLACK: url }));
    expect(await failureOf(activity().run(notify, { channel: 'team', text: 'x' }), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'NotConfigured',
      message: 'channels.slack.team.url is not an http or https URL',
    });
  },
);

test('a connection that is cut is tried again', async () => {
  const { send } = await slack('drop', { status: 200, body: 'ok' });
  expect(await failureOf(send(), 'canary')).toMatchObject({ nonRetryable: false });
  await send();
});

test('a channel that is not configured, or whose variable is unset, says so', async () => {
  const { send } = await slack();
  for (const channel of ['nowhere', 'constructor'])
    expect(await failureOf(send(channel), 'canary')).toMatchObject({
      nonRetryable: true,
      type: 'NotConfigured',
      message: expect.stringContaining(`add channels.slack.${channel}`),
    });
  const unset = createNotifySlack(depsWith({ slack: { team: { url: { env: 'UNSET' } } } }, {}));
  expect(await failureOf(activity().run(unset, { channel: 'team', text: 'x' }), 'canary')).toMatchObject({
    nonRetryable: true,
    type: 'NotConfigured',
    message: expect.stringContaining('channels.slack.team.url is not set'),
  });
});
