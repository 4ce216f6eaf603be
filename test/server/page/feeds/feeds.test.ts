import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunOutcome } from '../../../../src/events/event.js';
import { toPairs } from '../../../../src/runs/search-attributes.js';
import { push } from '../../../../src/triggers/index.js';
import { deliver } from '../../../support/harness/delivery.js';
import { repository, uniquePush } from '../../../support/harness/payloads.js';
import { type Receiver, startReceiver } from '../../../support/harness/receiver.js';
import { API_TOKEN } from '../../../support/harness/receiver-config.js';
import { testClient, unique } from '../../../support/temporal.js';
import { ask, askApi } from '../ask.js';

const taskQueue = unique('feeds');
const key = unique('key');
const automations = () => ['open', 'closed'].map((name) => ({ name, on: [push()], file: `${name}.ts` }));
const XML = { accept: 'application/xml' };
const bearer = { authorization: `Bearer ${API_TOKEN}` };
const basic = (password: string) => ({ authorization: `Basic ${btoa(`feeds:${password}`)}` });

let temporal: Awaited<ReturnType<typeof testClient>>;
let receiver: Receiver;

interface Ended {
  readonly automation: string;
  readonly id?: string;
  /** Workflow id: by default made of `id`. */
  readonly run?: string;
  readonly outcome: RunOutcome;
  readonly repository: string;
  readonly pullRequest?: number;
}

/** A run that nobody works on, and that ends: it carries what it was given. */
async function ended({ automation, id, run, outcome, repository, pullRequest }: Ended): Promise<string> {
  const workflowId = run ?? `${automation}/github/${key}-${id}`;
  await temporal.workflow.start(automation, {
    ...{ workflowId, taskQueue },
    typedSearchAttributes: toPairs({
      ...{
        HookyardRepository: repository,
        HookyardBranch: 'main',
        HookyardOutcome: outcome,
        HookyardCommit: 'abcdef1234',
      },
      ...(pullRequest !== undefined && { HookyardPullRequest: pullRequest }),
    }),
  });
  await temporal.workflow.getHandle(workflowId).terminate();
  return workflowId;
}

beforeAll(async () => {
  temporal = await testClient();
  const config = {
    ...{ taskQueue, publicUrl: 'https://hooks.example/hooks' },
    sources: { github: { options: { publicLogs: true } } },
  };
  receiver = await startReceiver({ client: temporal, automations, config });
  const send = (id: string, isPrivate: boolean) => {
    const body = uniquePush({ repository: { ...repository, private: isPrivate } });
    return deliver(receiver.url, { id: `${key}-${id}`, body });
  };
  await send('public', false);
  await send('private', true);
  await ended({ automation: 'open', id: 'public', outcome: 'passed', repository: 'acme/shop' });
  await ended({ automation: 'open', id: 'fork', outcome: 'failed', repository: 'acme/shop', pullRequest: 7 });
  await ended({ automation: 'open', id: 'overtaken', outcome: 'superseded', repository: 'acme/shop' });
  // By the name that a run of an edited payload has, and one that follows it in a chain.
  const edited = `edited/d${'0'.repeat(24)}/${key}`;
  await ended({ automation: 'open', run: `open/github/${edited}`, outcome: 'failed', repository: 'acme/shop' });
  await ended({
    automation: 'open',
    run: `open/after-closed/github/${edited}`,
    outcome: 'failed',
    repository: 'acme/shop',
  });
  await ended({ automation: 'closed', id: 'private', outcome: 'failed', repository: 'acme/hidden' });
  const count = async () =>
    (await temporal.workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus != 'Running'`)).count;
  await vi.waitFor(async () => expect(await count()).toBe(6), { timeout: 15_000, interval: 100 });
});
afterAll(async () => {
  await receiver?.close();
  await temporal?.close();
});

interface Addresses {
  readonly badge: string;
  readonly feed: string;
  readonly monitor: string;
}

/** Returns addresses with their keys, as paths. */
async function addresses(query: Readonly<Record<string, string>>): Promise<Addresses> {
  const told = (await askApi(receiver, `/api/feeds?${new URLSearchParams(query)}`)) as Addresses;
  const path = (address: string) => {
    expect(address).toMatch(/^https:\/\/hooks\.example\/hooks\//);
    return address.slice('https://hooks.example/hooks'.length);
  };
  return { badge: path(told.badge), feed: path(told.feed), monitor: path(told.monitor) };
}

const wordOf = (image: string) => /<title>[^<]*: (\w+)<\/title>/.exec(image)?.[1];

describe('a badge', () => {
  test('tells everybody how a public branch does: runs of pull requests, and those that tell nothing, do not count', async () => {
    const { status, headers, text } = await ask(receiver, '/badges/open.svg?repository=acme/shop&branch=main');
    expect({ status, word: wordOf(text) }).toEqual({ status: 200, word: 'passed' });
    expect(headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=30',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(text.length).toBeLessThan(1_000);
  });

  test('is sent again only if it has changed', async () => {
    const path = '/badges/open.svg?branch=main';
    const { headers } = await ask(receiver, path);
    const etag = String(headers.etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`])
      expect(await ask(receiver, path, { headers: { 'if-none-match': known } })).toMatchObject({
        status: 304,
        text: '',
      });
    expect((await ask(receiver, path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    expect(await ask(receiver, path, { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { etag } });
  });

  test('is the same for what may not be seen and for what there is not', async () => {
    for (const path of ['/badges/closed.svg', '/badges/closed.svg?repository=acme/hidden', '/badges/none.svg'])
      expect(wordOf((await ask(receiver, path)).text), path).toBe('unknown');
    const [hidden, none] = await Promise.all(['closed', 'absent'].map((name) => ask(receiver, `/badges/${name}.svg`)));
    expect(hidden?.text.replaceAll('closed', 'absent').length).toBe(none?.text.length);
    expect(hidden?.headers['cache-control']).toBe(none?.headers['cache-control']);
    expect((await ask(receiver, '/badges/closed')).status).toBe(404);
  });

  test('is opened by its own key, by the API token, and by nothing near them', async () => {
    const { badge, feed } = await addresses({ automation: 'closed' });
    const ofMain = await addresses({ automation: 'closed', branch: 'main' });
    expect(wordOf((await ask(receiver, badge)).text)).toBe('failed');
    expect(wordOf((await ask(receiver, ofMain.badge)).text)).toBe('failed');
    for (const headers of [bearer, basic(API_TOKEN)])
      expect(wordOf((await ask(receiver, '/badges/closed.svg', { headers })).text)).toBe('failed');
    const opened = new URL(badge, 'http://here').searchParams.get('key') ?? '';
    for (const path of [
      ...[`/badges/closed.svg?branch=main&key=${opened}`, `/badges/closed.svg?repository=acme/hidden&key=${opened}`],
      ...[
        `/badges/closed.svg?key=${opened.slice(1)}`,
        '/badges/closed.svg?key=',
        `/badges/closed.svg?key=${API_TOKEN}`,
      ],
      ...[`/badges/closed.svg?key=${opened}&key=${opened}`, `/badges/closed.svg${new URL(feed, 'http://here').search}`],
    ])
      expect(wordOf((await ask(receiver, path)).text), path).toBe('unknown');
    for (const headers of [basic('guess'), basic(''), basic(API_TOKEN.slice(1)), { authorization: 'Basic ==' }])
      expect(wordOf((await ask(receiver, '/badges/closed.svg', { headers })).text)).toBe('unknown');
  });

  test('tells another site nothing of what somebody on this machine may see', async () => {
    const here = await startReceiver({ client: temporal, automations, config: { taskQueue } });
    try {
      const { text, headers } = await ask(here, '/badges/closed.svg');
      expect(wordOf(text)).toBe('failed');
      expect(headers).toMatchObject({
        'cache-control': 'private, no-cache',
        'cross-origin-resource-policy': 'same-origin',
      });
      const embedded = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
      expect(wordOf((await ask(here, '/badges/closed.svg', { headers: embedded })).text)).toBe('unknown');
    } finally {
      await here.close();
    }
  });
});

test('a badge tells how the last run ended that tells of its automation, however many came after it that do not', async () => {
  const of = { automation: 'busy', repository: 'acme/busy' };
  await ended({ ...of, id: 'first', outcome: 'failed' });
  const outcomes = ['superseded', 'skipped', 'cancelled'] as const;
  for (let at = 0; at < 24; at++) await ended({ ...of, id: `later-${at}`, outcome: outcomes[at % 3] ?? 'skipped' });
  const count = async () =>
    (await temporal.workflow.count(`TaskQueue = '${taskQueue}' AND WorkflowType = 'busy' AND CloseTime IS NOT NULL`))
      .count;
  await vi.waitFor(async () => expect(await count()).toBe(25), { timeout: 15_000, interval: 100 });
  const { badge } = await addresses(of);
  expect(wordOf((await ask(receiver, badge)).text)).toBe('failed');
});

test('the runs of a repository are listed however its name is written, and those of no other', async () => {
  const listed = async (repository: string) =>
    ((await askApi(receiver, `/api/runs/list?automation=open&repository=${repository}`)) as { runs: object[] }).runs;
  const found = await listed('acme/shop');
  expect(found).not.toEqual([]);
  expect(await listed('ACME/Shop')).toEqual(found);
  expect(await listed('ACME/shops')).toEqual([]);
});

test('what somebody has edited and started tells nothing of the branch that it names, nor does what follows it', async () => {
  const listed = async (query: string) =>
    ((await askApi(receiver, `/api/runs/list?automation=open&${query}`)) as { runs: { run: string }[] }).runs;
  expect((await listed('')).filter(({ run }) => run.includes('/edited/'))).toHaveLength(2);
  expect((await listed('edited=false')).filter(({ run }) => run.includes('/edited/'))).toEqual([]);
  const { projects } = (await askApi(receiver, '/api/projects?automation=open')) as { projects: object[] };
  const run = `open/github/${key}-public`;
  expect(projects).toMatchObject([{ name: 'open acme/shop main', building: false, last: { run, outcome: 'passed' } }]);
  expect(await askApi(receiver, '/api/projects?automation=open&repository=ACME/Shop')).toEqual({ projects });
  expect(await askApi(receiver, '/api/projects?automation=open&repository=acme/sho')).toEqual({ projects: [] });
  const { badge, feed, monitor } = await addresses({ automation: 'open', branch: 'main' });
  expect(wordOf((await ask(receiver, badge)).text)).toBe('passed');
  for (const path of [feed, monitor]) expect((await ask(receiver, path)).text).not.toContain('/edited/');
});

describe('what build monitors read', () => {
  test('asks for a name and a password, of which the API token is the password, or for the key', async () => {
    const asked = await ask(receiver, '/cc.xml', { headers: XML });
    expect(asked.status).toBe(401);
    expect(asked.headers['www-authenticate']).toMatch(/^Basic realm="Hookyard"/);
    const { monitor } = await addresses({ automation: 'closed' });
    expect(monitor).toMatch(/^\/cc\.xml\?automation=closed&key=/);
    const own = (await ask(receiver, monitor)).text;
    expect(own).toContain(
      'name="closed acme/hidden main" activity="Sleeping" lastBuildStatus="Failure" lastBuildLabel="abcdef1"',
    );
    expect(own).not.toContain('acme/shop');
    for (const headers of [bearer, basic(API_TOKEN)]) {
      const { text, headers: sent } = await ask(receiver, '/cc.xml', { headers });
      expect(sent['content-type']).toBe('application/xml; charset=utf-8');
      expect(text).toContain('name="closed acme/hidden main"');
      expect(text).toContain('name="open acme/shop main" activity="Sleeping" lastBuildStatus="Success"');
      expect(text).toContain(`webUrl="https://hooks.example/hooks/runs/open/github/${key}-public"`);
    }
    const keyOfOne = new URL(monitor, 'http://here').searchParams.get('key');
    expect((await ask(receiver, `/cc.xml?key=${keyOfOne}`, { headers: XML })).status).toBe(401);
    expect((await ask(receiver, `/cc.xml?automation=open&key=${keyOfOne}`, { headers: XML })).status).toBe(401);
  });
});

describe('the feed of an automation', () => {
  test('has the runs that have ended, with whole addresses, for whoever has the key or the token', async () => {
    const { feed } = await addresses({ automation: 'open' });
    const { status, headers, text } = await ask(receiver, feed, { headers: XML });
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'application/atom+xml; charset=utf-8',
    });
    expect(text.match(/<entry>/g)).toHaveLength(3);
    expect(text).toContain('<id>https://hooks.example/hooks/automations/open/feed.atom</id>');
    expect(text).toContain('pull request 7');
    expect(text).not.toContain('key=');
    for (const given of [bearer, basic(API_TOKEN)])
      expect((await ask(receiver, '/automations/open/feed.atom', { headers: given })).text).toBe(text);
    expect((await ask(receiver, '/automations/none/feed.atom', { headers: bearer })).status).toBe(404);
  });

  test('has for everybody the runs that are public, and asks for a password where there are none', async () => {
    const { text } = await ask(receiver, '/automations/open/feed.atom', { headers: XML });
    expect(text.match(/<entry>/g)).toHaveLength(1);
    expect(text).toContain(`/runs/open/github/${key}-public`);
    for (const name of ['closed', 'none']) {
      const { status, headers } = await ask(receiver, `/automations/${name}/feed.atom`, { headers: XML });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Basic /);
    }
  });

  test('is found from the automation’s view, which has its addresses', async () => {
    const here = await startReceiver({ client: temporal, automations, config: { taskQueue } });
    try {
      const { text } = await ask(here, '/automations/open');
      expect(text).toContain('<link rel="alternate" type="application/atom+xml"');
      const [, feed = ''] = /(\/automations\/open\/feed\.atom\?key=[\w-]+)/.exec(text) ?? [];
      expect((await ask(here, feed)).status).toBe(200);
    } finally {
      await here.close();
    }
  });
});

test('who has not signed in has Temporal look for so much and no more, whatever is named, and keeps nobody else from it', async () => {
  const config = {
    ...{ taskQueue, publicUrl: 'https://hooks.example/hooks' },
    sources: { github: { options: { publicLogs: true } } },
  };
  const here = await startReceiver({ client: temporal, automations, config });
  try {
    const statusOf = async (path: string, headers: Record<string, string> = {}) =>
      (await ask(here, path, { headers })).status;
    const badges: number[] = [];
    for (let n = 0; n < 300 && !badges.includes(429); n += 1)
      badges.push(await statusOf(`/badges/open.svg?branch=none-${n}`));
    expect([badges[0], badges.at(-1)]).toEqual([200, 429]);
    const feeds: number[] = [];
    for (let n = 0; n < 10; n += 1) feeds.push(await statusOf(`/automations/open/feed.atom?branch=none-${n}`));
    expect(feeds).toContain(429);
    expect(await statusOf('/badges/open.svg?branch=none-0', bearer)).toBe(200);
    expect(await statusOf('/automations/open/feed.atom', bearer)).toBe(200);
  } finally {
    await here.close();
  }
});
