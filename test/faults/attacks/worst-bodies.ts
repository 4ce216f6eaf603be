import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'undici';
import type { Attack } from './attack.js';
import type { Scene } from './scene.js';

const MB = 1024 * 1024;
const MOST = 24 * MB;
const MOST_MS = 50;
/** The least of so many counts: other programs on the machine make a hold longer, and nothing makes it shorter. */
const TRIES = 5;

/** Each of the worst bodies, and for how long it holds the receiver's event loop. */
export const worstBodies: Attack = {
  what: 'signed bodies that take long to read, one after the other: the longest hold of the event loop',
  before: '6 s by 24 MB of brackets, 3 s by 1.5 million keys',
  async run(scene) {
    const quiet = await leastHold(scene, async () => undefined);
    scene.say(`       ${inMs(quiet)}  nothing at all`);
    let longest = 0;
    for (const [what, make] of Object.entries(BODIES)) {
      const body = make();
      let status = 0;
      const held = await leastHold(scene, async () => {
        status = await send(scene, body);
      });
      scene.say(`       ${inMs(held)}  ${what} (${Math.round(body.text.length / 1024)} kB): ${status}`);
      longest = Math.max(longest, held);
    }
    return { figure: `the loop was held for ${Math.round(longest)} ms at most`, withstood: longest <= MOST_MS };
  },
};

async function leastHold(scene: Scene, work: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && least > MOST_MS; tries += 1) {
    await scene.longestHold();
    await work();
    least = Math.min(least, await scene.longestHold());
  }
  return least;
}

interface Body {
  readonly text: string;
  readonly source?: 'github' | 'token' | 'hmac';
  readonly event?: string;
  readonly type?: string;
  /** Signatures of nobody, which are tried all the same. */
  readonly forged?: true;
}

async function send({ url, secret }: Scene, { text, source = 'github', event, type, forged }: Body): Promise<number> {
  const hmac = createHmac('sha256', secret).update(text).digest('hex');
  const signature = forged
    ? Array(10)
        .fill(`sha256=${'0'.repeat(64)}`)
        .join(',')
    : `sha256=${hmac}`;
  const { statusCode, body } = await request(`${url}/webhooks/${source}`, {
    method: 'POST',
    body: text,
    headers: {
      'content-type': type ?? 'application/json',
      ...(source === 'github' && {
        'x-github-event': event ?? 'push',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': signature,
      }),
      ...(source === 'token' && { authorization: `Bearer ${secret}` }),
      ...(source === 'hmac' && { 'x-signature': hmac }),
    },
  });
  await body.dump();
  return statusCode;
}

const FORM = 'application/x-www-form-urlencoded';
const filled = (unit: string, bytes: number) => unit.repeat(Math.floor(bytes / unit.length));
const listed = (count: number, one: (n: number) => string) => Array.from({ length: count }, (_, n) => one(n)).join(',');
const sha = (n: number) => n.toString(16).padStart(40, '0');
const repository = { id: 1, full_name: 'acme/app', html_url: 'https://github.com/acme/app' };
const about = { repository, sender: { login: 'ada' } };
const commit = (n: number, files: number) => ({
  id: sha(n + 1),
  message: `Change part ${n}`,
  added: Array.from({ length: files }, (_, file) => `packages/part-${n}/src/folder/file-${file}.ts`),
  removed: [],
  modified: [],
});
const pushed = (commits: number, files: number) =>
  JSON.stringify({
    ...{ ref: 'refs/heads/main', before: sha(0xabc), after: sha(1), created: false, forced: false, ...about },
    commits: Array.from({ length: commits }, (_, n) => commit(n, files)),
  });
const pull = {
  ...{ number: 7, title: 'x', html_url: 'https://github.com/acme/app/pull/7', state: 'open', user: { login: 'ada' } },
  base: { ref: 'main', sha: sha(1), repo: repository },
  head: { ref: 'more', sha: sha(2), repo: repository },
};
const labelled = (labels: number) =>
  JSON.stringify({
    ...{ action: 'labeled', number: 7, ...about },
    pull_request: { ...pull, labels: Array.from({ length: labels }, (_, n) => ({ name: `l${n}` })) },
  });
const commented = (body: string) =>
  JSON.stringify({
    ...{ action: 'created', ...about },
    issue: { number: 7, title: 'x', state: 'open', html_url: pull.html_url, pull_request: {}, user: { login: 'ada' } },
    comment: { id: 1, body, html_url: pull.html_url, user: { login: 'ada' } },
  });

const BODIES: Readonly<Record<string, () => Body>> = {
  brackets: () => ({ text: `[${filled('[],', MOST)}[]]` }),
  'nested brackets': () => ({ text: filled('[', MOST) }),
  'nested as deep as allowed': () => ({ text: `${filled('[', MB)}${filled(']', MB)}`.slice(0, 1_900_000) }),
  '1.5 million keys': () => ({ text: `{${listed(1_500_000, (n) => `"k${n.toString(36)}":1`)}}` }),
  'as many keys as are allowed': () => ({ text: `{${listed(990_000, (n) => `"k${n.toString(36)}":1`)}}` }),
  'one long text': () => ({ text: `{"a":"${filled('words ', MOST)}"}` }),
  'one long number': () => ({ text: `{"a":${filled('9', MOST)}}` }),
  'long numbers': () => ({ text: `[${listed(900_000, (n) => `12345678901234567${n}`)}]` }),
  escapes: () => ({ text: `{"a":"${filled('\\u0041', MOST)}"}` }),
  'a push of 2,000 commits with 200 files each': () => ({ text: pushed(2_000, 200) }),
  'a push of one commit with 2,900 files': () => ({ text: pushed(1, 2_900) }),
  'a push of 2,000 commits as a form': () => ({
    text: `payload=${encodeURIComponent(pushed(2_000, 100))}`,
    type: FORM,
  }),
  'a form of percent signs': () => ({ text: `payload=${filled('%5B', MOST)}`, type: FORM }),
  '300,000 labels': () => ({ text: labelled(300_000), event: 'pull_request' }),
  'a comment of markup': () => ({ text: commented(`/retest\n${filled('![[](`*_<', 8 * MB)}`), event: 'issue_comment' }),
  'a small comment of quotes': () => ({ text: commented(filled('/retest\n>>>\n', 9_990)), event: 'issue_comment' }),
  'a small comment of lists': () => ({ text: commented(`/retest\n${filled('[\n- ', 9_900)}`), event: 'issue_comment' }),
  'ten forged signatures': () => ({ text: filled('x', MOST), forged: true }),
  'small brackets': () => ({ text: `[${filled('[],', 16_000)}1]` }),
  'as much as is read at once': () => ({ text: `{${listed(4_900, (n) => `"key-${n}":"${n}5678901234567"`)}}` }),
  'small numbers': () => ({ text: `[${listed(4_900, (n) => `12345678901234567${n}`)}]` }),
  'a megabyte of brackets with a token': () => ({ text: `[${filled('[],', MB - 10)}1]`, source: 'token' }),
  'a megabyte of fields with a token': () => ({ text: filled('a=&bc=&', MB), source: 'token', type: FORM }),
  '100 kB of other fields with a token': () => ({
    text: Array.from({ length: 15_000 }, (_, n) => `${n.toString(36)}=`).join('&'),
    source: 'token',
    type: FORM,
  }),
  '24 MB of text to a service': () => ({ text: `{"id":"1","a":"${filled('words ', MOST)}"}`, source: 'hmac' }),
};

function inMs(ms: number): string {
  return `${ms.toFixed(1).padStart(7)} ms`;
}
