import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { github } from '../../src/providers/github/webhook/index.js';
import { Secret } from '../../src/secrets/secret.js';
import { deliver, examples, sign } from '../support/harness/delivery.js';
import { ERROR } from '../support/harness/log.js';
import { pushPayload, uniquePush } from '../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

let receiver: Receiver;

beforeAll(async () => {
  const rotating = { secrets: ['the old one', 'the new one'] };
  receiver = await startReceiver({ config: { sources: { github: {}, rotating, unset: { secrets: [''] } } } });
});
afterAll(() => receiver.close());

const verifies = (body: Buffer | string, signature: string, secrets: readonly string[]) =>
  github({ secrets: secrets.map((secret) => new Secret(secret)) }).verify(
    { headers: { 'x-hub-signature-256': signature }, body: Buffer.from(body) },
    Date.now(),
  );

it('every recorded payload of GitHub is taken in when it is signed, without an error in the log', async () => {
  expect(examples.length).toBeGreaterThan(300);
  for (const { event, payload } of examples) {
    const { status, text } = await deliver(receiver.url, { event, body: JSON.stringify(payload) });
    expect(status, `${event}: ${text}`).toBe(202);
  }
  expect(receiver.kept.lines().filter(({ level }) => level >= ERROR)).toEqual([]);
});

it('every recorded payload of GitHub is refused when one bit of it is not what was signed', async () => {
  for (const [index, { event, payload }] of examples.entries()) {
    const body = Buffer.from(JSON.stringify(payload));
    const signature = sign(body);
    const at = (index * 7_919) % body.length;
    body.writeUInt8(body.readUInt8(at) ^ (1 << (index % 8)), at);
    const { status } = await deliver(receiver.url, { event, body, headers: { 'x-hub-signature-256': signature } });
    expect(status, event).toBe(401);
  }
});

it.each([
  [
    "It's a Secret to Everybody",
    'Hello, World!',
    'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  ],
  ['mysecret', '{"foo":"bar"}', 'sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3'],
  // GitHub escapes control characters with upper-case digits: parsing and writing the body again would change it.
  [
    'development',
    '{"foo":"Foo\\n\\u001B[34mbar: ♥♥♥♥♥♥♥♥\\nthis-is-lost\\u001B[0m\\u001B[2K"}',
    'sha256=afecc3caa27548bb90d51a50384cb2868b9a3327b4ad6a01c9bd4ed0f8b0b12c',
  ],
])('published signatures by %s verify', async (secret, body, signature) => {
  expect(await verifies(body, signature, [secret])).toBe(true);
  expect(await verifies(`${body}\n`, signature, [secret])).toBe(false);
  expect(await verifies(body, signature, [`${secret} `])).toBe(false);
});

describe('a signature', () => {
  const body = '{"a":1}';
  const good = sign(body, 's');
  const digits = good.slice('sha256='.length);

  it.each([
    ['an upper-case scheme', `SHA256=${digits}`],
    ['one digit short', good.slice(0, -1)],
    ['half of it', good.slice(0, 39)],
    ['one digit more', `${good}0`],
    ['a character that is not hexadecimal', `${good.slice(0, -1)}g`],
    ['another scheme', `sha512=${digits}`],
    ['no scheme', digits],
    ['nothing', ''],
  ])('a signature with %s does not verify', async (_, signature) => {
    expect(github({ secrets: [] }).isSigned({ 'x-hub-signature-256': signature })).toBe(false);
    expect(await verifies(body, signature, ['s'])).toBe(false);
  });

  it.each([
    ['digits in upper case', `sha256=${digits.toUpperCase()}`],
    ['another before it', `sha256=${'0'.repeat(64)}, ${good}`],
  ])('a signature with %s verifies', async (_, signature) => {
    expect(await verifies(body, signature, ['s'])).toBe(true);
  });

  it('a signature of any of the configured secrets verifies, wherever it stands in the list', async () => {
    for (const secret of ['the old one', 'the new one']) {
      expect((await deliver(receiver.url, { source: 'rotating', secret, body: uniquePush() })).status).toBe(202);
    }
    expect(
      (await deliver(receiver.url, { source: 'rotating', secret: 'an older one', body: uniquePush() })).status,
    ).toBe(401);
  });

  it('a signature by an empty secret never verifies', async () => {
    expect((await deliver(receiver.url, { source: 'unset', secret: '', body: uniquePush() })).status).toBe(401);
    expect(await verifies(body, sign(body, ''), [''])).toBe(false);
    expect(await verifies(body, good, [])).toBe(false);
  });

  it('a signature is of bytes: bodies that decode to the same text are not the same', async () => {
    const [one, other] = [Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xfe, 0x22])];
    const replaced = Buffer.from('"\ufffd"');
    expect(one.toString()).toBe(other.toString());
    expect(await verifies(one, sign(one, 's'), ['s'])).toBe(true);
    expect(await verifies(other, sign(one, 's'), ['s'])).toBe(false);
    expect(await verifies(one, sign(replaced, 's'), ['s'])).toBe(false);
    expect(await verifies(replaced, sign(one, 's'), ['s'])).toBe(false);
  });

  it('a signature covers a byte-order mark, which is then left out', async () => {
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(uniquePush())]);
    const signed = await deliver(receiver.url, { body: marked });
    expect(signed.status).toBe(202);
    expect(signed.body.event).toContain('push to main');
    const unmarked = marked.subarray(3);
    const { status } = await deliver(receiver.url, {
      body: marked,
      headers: { 'x-hub-signature-256': sign(unmarked) },
    });
    expect(status).toBe(401);
  });
});

it('a form is verified as it was sent, and its payload is read as if it had come as JSON', async () => {
  const json = JSON.stringify(pushPayload({ note: 'ä + 100% & "♥" \u001b', nonce: 'form' }));
  const body = new URLSearchParams({ payload: json }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const { status, body: answer } = await deliver(receiver.url, { body, headers });
  expect(status).toBe(202);
  expect(answer.event).toBe('push to main of acme/shop at 1234567');
  const { status: other } = await deliver(receiver.url, {
    body,
    headers: { ...headers, 'x-hub-signature-256': sign(json) },
  });
  expect(other).toBe(401);
});

describe('recorded payloads of other projects', () => {
  const folder = new URL('../../../shared/data/payloads/', import.meta.url);
  const index = (() => {
    try {
      return JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as {
        file: string;
        provider: string;
        headers: Record<string, string>;
        derived_headers?: Record<string, string>;
      }[];
    } catch {
      return [];
    }
  })();

  it('recorded payloads of other projects are answered 2xx or 4xx and never break anything', async () => {
    for (const { file, provider, headers, derived_headers } of index.filter((entry) => entry.provider === 'github')) {
      const event = { ...derived_headers, ...headers }['X-GitHub-Event'] ?? 'push';
      const { status, text } = await deliver(receiver.url, { event, body: readFileSync(new URL(file, folder)) });
      expect([202, 400], `${provider} ${file}: ${text}`).toContain(status);
    }
  });
});
