import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/config/index.js';
import { deliver } from '../../support/harness/delivery.js';
import { ERROR } from '../../support/harness/log.js';
import { uniquePush } from '../../support/harness/payloads.js';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../support/harness/receiver.js';
import { API_TOKEN } from '../../support/harness/receiver-config.js';

type SignIn = NonNullable<NonNullable<ConfigInput['server']>['signIn']>;

interface Answered {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** Asks as a browser, or as a proxy in front of one, does: `fetch` sets headers of its own. */
function ask(
  receiver: Receiver,
  path: string,
  {
    method = 'GET',
    headers = {},
    form,
  }: { method?: string; headers?: Record<string, string>; form?: Record<string, string> } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const body = form && new URLSearchParams(form).toString();
    const sent = {
      accept: 'text/html,application/xhtml+xml',
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    };
    const req = httpRequest(`${receiver.url}${path}`, { method, headers: sent, agent: false }, async (res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of res) chunks.push(chunk);
      resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString() });
    });
    req.once('error', reject).end(body);
  });
}

/** What a browser says of a form of the page itself. */
const OWN = { 'sec-fetch-site': 'same-origin' };
/** Whoever comes by that name has to sign in. */
const ELSEWHERE = { host: 'hooks.example' };

const cookieOf = ({ headers }: Answered) => String(headers['set-cookie']).split(';')[0] ?? '';

async function signIn(receiver: Receiver, headers: Record<string, string> = {}): Promise<string> {
  const form = { token: API_TOKEN, to: '/deliveries' };
  const answered = await ask(receiver, '/sign-in', {
    method: 'POST',
    form,
    headers: { ...ELSEWHERE, ...OWN, ...headers },
  });
  expect(answered.status).toBe(303);
  return cookieOf(answered);
}

const start = (config: ReceiverOptions['config'] & { signIn?: SignIn } = {}) => startReceiver({ config });

let receiver: Receiver;
let id: string;

beforeAll(async () => {
  receiver = await start();
  id = (await deliver(receiver.url, { body: uniquePush() })).body.delivery ?? '';
});
afterAll(() => receiver.close());

describe('on this machine', () => {
  test('the page is open, and its policy lets a browser do nothing but what it needs', async () => {
    const { status, headers, text } = await ask(receiver, '/deliveries');
    expect(status).toBe(200);
    expect(text).toMatch(/^<!doctype html><html lang="en">/);
    expect(text).toContain('push to main of acme/shop');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      vary: 'Accept, Cookie',
    });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  test('every view is JSON too, and the same as the API answers', async () => {
    const api = async (path: string) =>
      JSON.parse((await ask(receiver, path, { headers: { authorization: `Bearer ${API_TOKEN}` } })).text);
    const pairs = [
      ['/deliveries.json?limit=1', '/api/deliveries?limit=1'],
      [`/deliveries/${id}.json`, `/api/deliveries/${id}?content=true&diff=true`],
    ] as const;
    for (const [page, path] of pairs) {
      const answered = await ask(receiver, page);
      expect(answered.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(JSON.parse(answered.text)).toEqual(await api(path));
    }
    const accepted = await ask(receiver, '/', { headers: { accept: 'application/json' } });
    expect(Object.keys(JSON.parse(accepted.text))).toEqual(Object.keys(await api('/api/overview')));
    expect(JSON.parse((await ask(receiver, '/index.json')).text)).toHaveProperty('health');
  });

  test('a form that is too large is refused as such', async () => {
    const form = { token: 'x'.repeat(70_000) };
    const { status, text } = await ask(receiver, '/sign-in', { method: 'POST', form, headers: OWN });
    expect(status).toBe(413);
    expect(text).toContain('That is too much');
    expect(text).toContain('The body is larger than 65536 bytes.');
  });

  test('a form that has too many fields is refused as such', async () => {
    const form = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`field${at}`, '']));
    const { status, text } = await ask(receiver, '/sign-in', { method: 'POST', form, headers: OWN });
    expect(status).toBe(413);
    expect(text).toContain('The form has too many fields.');
  });

  test('files that pages load are kept by browsers, since their names change with them', async () => {
    const { text } = await ask(receiver, '/');
    const files = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(files).toHaveLength(8);
    for (const file of files) {
      const { status, headers } = await ask(receiver, file);
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['content-type']).toMatch(/^(text\/css|text\/javascript|image\/svg)/);
    }
    expect((await ask(receiver, '/assets/page.css')).status).toBe(404);
    expect((await ask(receiver, '/assets/..%2Fpackage.json')).status).toBe(404);
  });

  test('files that pages load are sent compressed to those who take them so', async () => {
    const { text } = await ask(receiver, '/');
    const file = text.match(/"(\/assets\/page\.[^"]+\.css)"/)?.[1] ?? '';
    const sent = async (encodings: string) => {
      const { headers, body } = await request(`${receiver.url}${file}`, { headers: { 'accept-encoding': encodings } });
      return { headers, bytes: Buffer.from(await body.arrayBuffer()) };
    };
    const plain = await sent('identity');
    const compressed = await sent('gzip, br');
    expect(plain.headers).toMatchObject({ vary: 'accept-encoding' });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(compressed.headers).toMatchObject({ vary: 'accept-encoding', 'content-encoding': 'gzip' });
    expect(gunzipSync(compressed.bytes).equals(plain.bytes)).toBe(true);
  });

  test('a page with its style and its script is light', async () => {
    const { text } = await ask(receiver, `/deliveries/${id}`);
    const files = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    const sizes = await Promise.all(files.map(async (file) => (await ask(receiver, file)).text.length));
    expect(files[1]).toMatch(/^\/assets\/page\.\w+\.css$/);
    expect(sizes[1]).toBeLessThan(12_000);
    expect(text.length + sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
  });

  test('what is not there is a page for people, and JSON for programs', async () => {
    for (const path of ['/nowhere', '/deliveries/d0000000000', '/deliveries/%E0%A4%A']) {
      const html = await ask(receiver, path);
      expect([400, 404]).toContain(html.status);
      expect(html.text).toContain('<h1>');
      const json = await ask(receiver, path, { headers: { accept: '*/*' } });
      expect(json.status).toBe(html.status);
      expect(JSON.parse(json.text)).toHaveProperty('error');
    }
    expect((await ask(receiver, '/deliveries?state=nonsense')).text).toContain('must be one of started');
  });

  test('a name that several deliveries have leads to each of them', async () => {
    const one = (await deliver(receiver.url, { body: uniquePush() })).body.delivery ?? '';
    const begun = one.slice(0, 12);
    const other = (await deliver(receiver.url, { id: begun, body: uniquePush() })).body.delivery ?? '';
    const { status, text } = await ask(receiver, `/deliveries/${begun}`);
    expect(status).toBe(409);
    for (const meant of [one, other]) expect(text).toContain(`href="/deliveries/${meant}"`);
    expect(text).toContain('push of github, ');
  });

  test('a NUL is refused wherever it stands, and is no failure of the server', async () => {
    const paths = ['/lanes?named=a%00', '/outbound?message=%00', '/deliveries?source=%00', '/runs/ci/%00'];
    const answers = [
      ...(await Promise.all([...paths, '/runs/ci/1/logs/%00'].map((path) => ask(receiver, path)))),
      await ask(receiver, '/lanes/mode', { method: 'POST', headers: OWN, form: { lane: 'a\0b', mode: 'paused' } }),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(400);
      expect(text).toContain('NUL');
    }
    const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ run: 'a\0b', by: 'anna' });
    for (const [path, init] of [
      ['/api/logs?run=%00', { headers }],
      ['/api/runs?id=ci/%00', { headers }],
      ['/api/lanes/move', { headers, method: 'POST', body }],
    ] as const)
      expect((await fetch(`${receiver.url}${path}`, init)).status).toBe(400);
    expect(receiver.kept.lines().filter(({ level }) => level >= ERROR)).toEqual([]);
  });

  test('secrets that were sent are shown by nobody', async () => {
    const { body } = await deliver(receiver.url, {
      body: uniquePush(),
      headers: { authorization: 'Bearer canary-of-the-sender' },
    });
    const { text } = await ask(receiver, `/deliveries/${body.delivery}`);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('canary-of-the-sender');
  });

  test('a replay takes a form of the page itself, starts a run, and is recorded with who did it', async () => {
    const before = (await receiver.store.inbox.find(id))?.dispatches.length ?? 0;
    const path = `/deliveries/${id}/replay`;
    const foreign = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { referer: 'https://evil.example/127.0.0.1' },
      { 'sec-fetch-site': 'cross-site', origin: receiver.url },
    ];
    for (const headers of foreign) expect((await ask(receiver, path, { method: 'POST', headers })).status).toBe(403);
    expect((await receiver.store.inbox.find(id))?.dispatches).toHaveLength(before);

    const done = await ask(receiver, path, { method: 'POST', headers: { origin: receiver.url } });
    expect(done.status).toBe(303);
    expect((await receiver.store.inbox.find(id))?.dispatches).toHaveLength(before + 1);
    expect((await ask(receiver, String(done.headers.location))).text).toContain('Replayed');
    const { text } = await ask(receiver, '/api/acts', { headers: { authorization: `Bearer ${API_TOKEN}` } });
    expect(JSON.parse(text).acts[0]).toMatchObject({ by: 'an operator on this machine', how: 'here', on: id });
    expect(JSON.parse(text).acts[0].act).toBe('replay');
    expect(receiver.kept.lines()).toContainEqual(
      expect.objectContaining({ msg: 'an operator acted', by: 'an operator on this machine', act: 'replay', on: id }),
    );
  });

  test('an answer that is neither an approval nor a rejection is none', async () => {
    for (const form of [{ run: 'ci/x' }, { run: 'ci/x', answer: 'constructor' }]) {
      const { status, text } = await ask(receiver, '/runs/answer', { method: 'POST', form, headers: OWN });
      expect(status).toBe(400);
      expect(text).toContain('neither');
    }
  });

  test('nothing that a link says is shown as done', async () => {
    for (const said of ['Your+password+has+expired', '/runs/approve', '/deliveries/:id/replay', 'a.b']) {
      const { text } = await ask(receiver, `/deliveries?done=${said}`);
      expect(text).not.toContain('password');
      expect(text).not.toContain('role="status"');
    }
  });

  test('what was done is said for a minute', async () => {
    let now = Date.now();
    const other = await startReceiver({ now: () => now });
    try {
      const one = (await deliver(other.url, { body: uniquePush() })).body.delivery ?? '';
      const done = await ask(other, `/deliveries/${one}/replay`, { method: 'POST', headers: OWN });
      const said = async () => (await ask(other, String(done.headers.location))).text.includes('role="status"');
      now += 59_000;
      expect(await said()).toBe(true);
      now += 1_000;
      expect(await said()).toBe(false);
    } finally {
      await other.close();
    }
  });
});

describe('elsewhere', () => {
  test('people are asked to sign in, and come back to where they wanted to', async () => {
    const asked = await ask(receiver, '/deliveries?state=failed', { headers: ELSEWHERE });
    expect(asked).toMatchObject({ status: 303, headers: { location: '/sign-in?to=%2Fdeliveries%3Fstate%3Dfailed' } });
    const form = await ask(receiver, String(asked.headers.location), { headers: ELSEWHERE });
    expect(form.text).toContain('value="/deliveries?state=failed"');
    expect(form.text).not.toContain('acme');
    const program = await ask(receiver, '/deliveries.json', { headers: ELSEWHERE });
    expect(program.status).toBe(401);
    expect(JSON.parse(program.text)).toEqual({ error: expect.stringContaining('sign in') });
  });

  test('the API token signs in, for a while, in a cookie that no script can read', async () => {
    const answered = await ask(receiver, '/sign-in', {
      method: 'POST',
      headers: { ...ELSEWHERE, origin: 'http://hooks.example' },
      form: { token: ` ${API_TOKEN}\n`, to: '/deliveries?state=failed' },
    });
    expect(answered).toMatchObject({ status: 303, headers: { location: '/deliveries?state=failed' } });
    expect(String(answered.headers['set-cookie'])).toMatch(
      /^hookyard-session=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/,
    );
    expect(answered.headers['set-cookie']?.[0]).not.toContain(API_TOKEN);
    const cookie = cookieOf(answered);
    expect((await ask(receiver, '/deliveries', { headers: { ...ELSEWHERE, cookie } })).status).toBe(200);
    const out = await ask(receiver, '/sign-out', { method: 'POST', headers: { ...ELSEWHERE, ...OWN, cookie } });
    expect(String(out.headers['set-cookie'])).toContain('hookyard-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
  });

  test('over TLS, the cookie is bound to the host and to TLS', async () => {
    const origin = 'https://hooks.example';
    const answered = await ask(receiver, '/sign-in', {
      ...{ method: 'POST', form: { token: API_TOKEN } },
      headers: { ...ELSEWHERE, origin },
    });
    expect(String(answered.headers['set-cookie'])).toMatch(/^__Host-hookyard-session=.*; Secure; Max-Age=43200$/);
    const cookie = cookieOf(answered);
    expect((await ask(receiver, '/deliveries', { headers: { ...ELSEWHERE, cookie } })).status).toBe(200);
  });

  test('over TLS, a cookie that a neighbour has set signs nobody in', async () => {
    const other = await start({ publicUrl: 'https://hooks.example' });
    try {
      const cookie = await signIn(other);
      expect(cookie).toMatch(/^__Host-/);
      const planted = cookie.replace('__Host-', '');
      const status = async (one: Receiver, headers: Record<string, string>) =>
        (await ask(one, '/deliveries', { headers: { ...ELSEWHERE, ...headers } })).status;
      expect(await status(other, { cookie })).toBe(200);
      expect(await status(other, { cookie: planted })).toBe(303);
      // Where the settings do not say it, the browser does.
      const [own, fetched] = [{ referer: 'https://hooks.example/' }, { 'sec-fetch-site': 'none' }];
      for (const told of [own, fetched]) expect(await status(receiver, { cookie: planted, ...told })).toBe(303);
      expect(await status(receiver, { cookie: planted })).toBe(200);
    } finally {
      await other.close();
    }
  });

  test('where others come over TLS, who comes without is told where to sign in', async () => {
    const other = await start({ publicUrl: 'https://hooks.example' });
    try {
      const headers = { ...ELSEWHERE, ...OWN, origin: 'http://hooks.example' };
      const { status, text } = await ask(other, '/sign-in', { method: 'POST', headers, form: { token: API_TOKEN } });
      expect(status).toBe(401);
      expect(text).toContain('sign in at https://hooks.example');
      const form = {
        method: 'POST',
        form: { token: API_TOKEN },
        headers: { ...ELSEWHERE, origin: 'http://hooks.example' },
      };
      expect((await ask(other, '/sign-in', form)).status).toBe(403);
    } finally {
      await other.close();
    }
  });

  test('a form that is sent when the session is over leads to the sign-in, and back to where it was', async () => {
    const headers = { ...ELSEWHERE, ...OWN, referer: `http://hooks.example/deliveries/${id}?a=b` };
    const { status, text } = await ask(receiver, `/deliveries/${id}/replay`, { method: 'POST', headers });
    expect(status).toBe(401);
    expect(text).toContain(`href="/sign-in?to=${encodeURIComponent(`/deliveries/${id}?a=b`)}"`);
    expect(text).toContain('reload this page');
  });

  test('no address that is gone back to after the sign-in breaks it', async () => {
    for (const to of ['/a\r\nset-cookie: a=b', '/\u4f60', `/${'\u00e9'.repeat(400)}`]) {
      const headers = { ...ELSEWHERE, origin: 'http://hooks.example' };
      const answered = await ask(receiver, '/sign-in', { method: 'POST', headers, form: { token: API_TOKEN, to } });
      expect(answered).toMatchObject({ status: 303, headers: { location: '/' } });
    }
  });

  test('what is not the token, or was sent by another site, signs nobody in', async () => {
    for (const token of ['', 'guess', API_TOKEN.slice(1), `${API_TOKEN}x`, API_TOKEN.toUpperCase()]) {
      const headers = { ...ELSEWHERE, ...OWN };
      const answered = await ask(receiver, '/sign-in', { method: 'POST', headers, form: { token } });
      expect(answered.status).toBe(401);
      expect(answered.headers['set-cookie']).toBeUndefined();
      if (token) expect(answered.text).not.toContain(token);
    }
    const headers = { ...ELSEWHERE, 'sec-fetch-site': 'cross-site' };
    expect((await ask(receiver, '/sign-in', { method: 'POST', headers, form: { token: API_TOKEN } })).status).toBe(403);
    expect(JSON.stringify(receiver.kept.lines())).not.toContain(API_TOKEN.slice(1));
  });

  test('a session that is forged, changed, cut or over is none', async () => {
    const cookie = await signIn(receiver);
    const [name, token = ''] = cookie.split('=');
    const [payload = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, expiresAt: 9e15 })).toString('base64url');
    const wrong = [`${changed}.${signature}`, `${payload}.`, payload, `${token}x`, token.slice(1), '', 'a.b'];
    for (const value of wrong)
      expect(
        (await ask(receiver, '/deliveries', { headers: { ...ELSEWHERE, cookie: `${name}=${value}` } })).status,
      ).toBe(303);

    let now = Date.now();
    const later = await startReceiver({ now: () => now });
    try {
      const fresh = await signIn(later);
      const ask12 = () => ask(later, '/deliveries', { headers: { ...ELSEWHERE, cookie: fresh } });
      now += 12 * 3_600_000 - 1;
      expect((await ask12()).status).toBe(200);
      now += 1;
      expect((await ask12()).status).toBe(303);
    } finally {
      await later.close();
    }
  });

  test('another API token ends the sessions of the one before', async () => {
    const cookie = await signIn(receiver);
    const other = await start({ apiToken: 'another-api-token-for-tests-of-32-characters' });
    try {
      expect((await ask(other, '/deliveries', { headers: { ...ELSEWHERE, cookie } })).status).toBe(303);
    } finally {
      await other.close();
    }
  });

  test('a server that others reach asks on this machine too, unless it is told not to', async () => {
    const publicUrl = 'https://hooks.example';
    const all: [Parameters<typeof start>[0], number][] = [
      [{ publicUrl }, 303],
      [{ publicUrl, signIn: { loopback: 'open' } }, 200],
      [{ publicUrl: 'http://localhost:3000' }, 200],
      [{ signIn: { loopback: 'required' } }, 303],
      [{ trustedProxies: ['loopback'] }, 303],
    ];
    for (const [settings, status] of all) {
      const other = await start(settings);
      try {
        expect((await ask(other, '/deliveries')).status, JSON.stringify(settings)).toBe(status);
      } finally {
        await other.close();
      }
    }
  });

  test('the path of the public address stands before every path, and is known where a proxy takes it off', async () => {
    const other = await start({ publicUrl: 'https://hooks.example/hooks', signIn: { loopback: 'open' } });
    try {
      for (const at of ['/hooks', '/hooks/', '/', '/deliveries', '/hooks/deliveries', '//hooks//deliveries'])
        expect((await ask(other, at)).text, at).toContain('href="/hooks/deliveries"');
      const { text } = await ask(other, '/hooks/deliveries');
      for (const [, path = ''] of text.matchAll(/(?:href|src|action)="([^"]+)"/g))
        expect(path).toMatch(/^(\/hooks\/|#)/);
      const style = /href="([^"]+\.css)"/.exec(text)?.[1] ?? '';
      expect((await ask(other, style)).status).toBe(200);
      expect((await ask(other, style.replace('/hooks', ''))).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('behind a proxy that signs people in', () => {
  let proxied: Receiver;
  beforeAll(async () => {
    const proxy = { header: 'X-Forwarded-User', operators: ['anna'], viewers: ['ben', 'carla'] };
    proxied = await start({ trustedProxies: ['127.0.0.1'], signIn: { proxy } });
    id = (await deliver(proxied.url, { body: uniquePush() })).body.delivery ?? '';
  });
  afterAll(() => proxied.close());

  const as = (who: string) => ({ ...ELSEWHERE, 'x-forwarded-user': who, 'x-forwarded-for': '192.0.2.1' });

  test('an operator changes things, under their own name', async () => {
    expect((await ask(proxied, `/deliveries/${id}`, { headers: as('anna') })).text).toContain('Replay');
    const headers = { ...as('anna'), origin: 'https://hooks.example' };
    expect((await ask(proxied, `/deliveries/${id}/replay`, { method: 'POST', headers })).status).toBe(303);
    const { text } = await ask(proxied, '/api/acts', { headers: { authorization: `Bearer ${API_TOKEN}` } });
    const run = expect.stringMatching(/^ci\/github\/.*replay-\d+/);
    expect(JSON.parse(text).acts).toMatchObject([{ by: 'anna', how: 'proxy', act: 'replay', on: id, result: run }]);
  });

  test('who uses the API token says a name, which is one line and known to be said, and a delivery is named by its id', async () => {
    const headers = {
      authorization: `Bearer ${API_TOKEN}`,
      'x-hookyard-by': encodeURIComponent('an\u202ena\r\n\u001b[2J'),
    };
    await ask(proxied, `/api/deliveries/${id.slice(0, 12)}/replay`, { method: 'POST', headers });
    const { text } = await ask(proxied, '/api/acts?limit=1', { headers });
    expect(JSON.parse(text).acts).toMatchObject([{ by: 'an na [2J', how: 'api', act: 'replay', on: id }]);
  });

  test('a viewer looks, is shown no buttons, and is refused what they would do', async () => {
    const looked = await ask(proxied, `/deliveries/${id}`, { headers: as('ben') });
    expect(looked.status).toBe(200);
    expect(looked.text).not.toContain('/replay"');
    const headers = { ...as('ben'), ...OWN };
    const refused = await ask(proxied, `/deliveries/${id}/replay`, { method: 'POST', headers });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('takes an operator');
    // What would become of a changed payload is only looked at.
    const form = { payload: uniquePush({ ref: 'refs/heads/dev' }) };
    const judged = await ask(proxied, `/deliveries/${id}/edit`, { method: 'POST', headers, form });
    expect(judged.status).toBe(200);
    expect(judged.text).toContain('push to dev of acme/shop');
    expect(judged.text).not.toContain('/start"');
    expect((await ask(proxied, `/deliveries/${id}/start`, { method: 'POST', headers, form })).status).toBe(403);
  });

  test('who is in no list is refused by name; without the header, or with two, nobody is signed in', async () => {
    const refused = await ask(proxied, '/deliveries', { headers: as('<b>eve</b>') });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('signed in as &lt;b>eve&lt;/b>, who may not look');
    expect(proxied.kept.lines()).toContainEqual(
      expect.objectContaining({ msg: 'sign-in refused', why: expect.stringContaining('<b>eve</b>') }),
    );
    expect((await ask(proxied, '/deliveries', { headers: as('Anna') })).status).toBe(403);
    expect((await ask(proxied, '/deliveries', { headers: ELSEWHERE })).status).toBe(303);
    expect((await ask(proxied, '/deliveries')).status).toBe(303);
  });

  test('the header counts for nothing from an address that is no proxy', async () => {
    const proxy = { header: 'x-forwarded-user', operators: ['*'] };
    const other = await start({ trustedProxies: ['10.0.0.0/8'], signIn: { proxy } });
    try {
      expect((await ask(other, '/deliveries', { headers: as('anna') })).status).toBe(303);
    } finally {
      await other.close();
    }
  });
});
