import { readdirSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../../src/server/api/answers.js';
import type { WholeRunAnswer } from '../../../src/server/api/contract.js';
import { createOwnPath } from '../../../src/server/http/own-path.js';
import { document } from '../../../src/server/page/document.js';
import { publicRun } from '../../../src/server/page/public-run.js';
import { VIEWS } from '../../../src/server/page/views/index.js';
import { messageView } from '../../../src/server/page/views/message.js';
import * as samples from './sample-answers.js';
import { ANSWERS, around, shown } from './sample-views.js';
import { skeleton, valuesOf } from './skeleton.js';

/** Words that a view tells things by, and times: others can't choose them. */
const OURS = new Set([
  'kind',
  'status',
  'outcome',
  'state',
  'store',
  'temporal',
  'worker',
  'searched',
  'waitsFor',
  'mode',
  'type',
  'level',
  'stream',
  'by',
]);
const TIME = /^\d{4}-\d\d-\d\dT/;

/** Returns the answer with something after each of its texts. */
function withAll(value: unknown, more: string, key = ''): unknown {
  if (typeof value === 'string') return OURS.has(key) || TIME.test(value) ? value : `${value}${more}`;
  if (Array.isArray(value)) return value.map((item) => withAll(item, more, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withAll(item, more, name)]));
}

const HOSTILE = [
  '<script>alert(1)</script>',
  `"><img src=x onerror='alert(1)'>`,
  `' onmouseover='alert(1)`,
  '</title></style></script><svg onload=alert(1)>',
  '<!--',
  ']]>',
  '&lt;b&gt;&#60;b&#62;',
  '\u202eevil\u2066',
  '\u0000\u001b[31m\ud800',
  '{{constructor.constructor("alert(1)")()}}',
];

test('every view has an answer that it is tried with', () => {
  expect(Object.keys(ANSWERS).sort()).toEqual(VIEWS.map(({ path }) => path).sort());
});

describe.each(VIEWS.map(({ path }) => path))('the view %s', (path) => {
  test('makes no markup of any text of its answer, whatever it holds', async () => {
    const plain = skeleton(await shown(path, withAll(ANSWERS[path], 'x')));
    expect(plain.length).toBeGreaterThan(30);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })), async (text) => {
        expect(skeleton(await shown(path, withAll(ANSWERS[path], text)))).toEqual(plain);
      }),
      { numRuns: 60, examples: [['\n'], ['\r\n'], ['a\nb\nc']] },
    );
  });

  test('shows every text of its answer that is not hidden on purpose', async () => {
    const html = await shown(path, withAll(ANSWERS[path], ' <mark>'));
    expect(html.match(/&lt;mark>/g)?.length).toBeGreaterThan(5);
  });

  test('leads to nothing but its own paths and web addresses', async () => {
    const html = await shown(path, withReplaced(ANSWERS[path], /^https?:.*/, 'javascript:alert(1)'));
    for (const address of [...valuesOf(html, 'href'), ...valuesOf(html, 'action'), ...valuesOf(html, 'src')])
      expect(address).toMatch(/^(?:\/hooks\/|#main$|\?line=\d+#L\d+$)/);
  });

  test('leads to what is answered too where a proxy passes on the path of the public address', async () => {
    const html = await shown(path, ANSWERS[path]);
    const own = createOwnPath('https://hooks.example/hooks');
    const addresses = ['href', 'action', 'src', 'data-live', 'data-path'].flatMap((name) => valuesOf(html, name));
    const here = addresses.filter((address) => address.startsWith('/hooks/') && address !== '/hooks/');
    expect(here.length).toBeGreaterThan(3);
    for (const address of here) expect(own(address)).toBe(address.slice('/hooks'.length));
  });

  test('has no inline styles and scripts, and one main part with one heading', async () => {
    const html = await shown(path, ANSWERS[path]);
    expect(valuesOf(html, 'style')).toEqual([]);
    expect(html).not.toMatch(/<style|<script(?![^>]* src=)|\son\w+=/);
    expect(html.match(/<main/g)).toHaveLength(1);
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  test('reads well from top to bottom without style: what it is, then what there is, and last what is around it', async () => {
    const html = await shown(path, ANSWERS[path]);
    const places = ['class="skip"', '<nav aria-label="Views"', '<main', '<h1', '</h1>', '</main>', '<footer'];
    const found = places.map((place) => html.indexOf(place));
    expect(found).not.toContain(-1);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    for (const later of ['<h2', '<table', '<dl', '<pre'])
      if (html.includes(later)) expect(html.indexOf(later)).toBeGreaterThan(html.indexOf('</h1>'));
  });

  test('has a blank between words that only style would put apart', async () => {
    const navigation = ['/', '/runs'].map((to) => ({ path: to, title: `To ${to.length}`, keys: 'g x' }));
    for (const query of [{}, { message: 'm', before: '5' }]) {
      const html = await shown(path, ANSWERS[path], { query, navigation });
      // Output of jobs has colours within words.
      const [, body = ''] = html.replace(/<code><span.*?<\/code>/gs, '').split('<body>');
      const inline = /<\/?(?:a|b|bdi|button|code|header|kbd|nav|span|time)(?: [^>]*)?>/g;
      const read = body.replace(inline, '\0').replace(/<[^>]*>/g, '\n');
      expect(read.match(/.{0,20}[\p{L}\p{N}:]\0+[\p{L}\p{N}#←↑→↓].{0,20}/gu) ?? []).toEqual([]);
    }
  });

  test('tells programs that read it aloud of single keys alone: two are no one of them', async () => {
    const html = await shown(path, ANSWERS[path]);
    expect(valuesOf(html, 'aria-keyshortcuts').filter((keys) => keys.includes(' '))).toEqual([]);
    expect(valuesOf(html, 'data-keys')).toContain('g h');
  });

  test('has no line of text in which Enter would press the first of several buttons', async () => {
    const html = await shown(path, ANSWERS[path]);
    for (const [form] of html.matchAll(/<form.*?<\/form>/gs))
      if ((form.match(/<button/g)?.length ?? 0) > 1) expect(form).not.toMatch(/<input(?![^>]* type="hidden")/);
  });

  test('sends each form to its own address: not every browser knows that a button may lead elsewhere', async () => {
    expect(await shown(path, ANSWERS[path])).not.toMatch(/formaction/i);
  });

  test('has no text that scrolls by itself and can not be reached by keys', async () => {
    for (const query of [{}, { message: 'm' }])
      for (const [tag] of (await shown(path, ANSWERS[path], { query })).matchAll(/<pre[^>]*>/g))
        expect(tag).toContain(' tabindex="0"');
  });

  test('folds nothing of which it is not known which it is where the page is read again', async () => {
    for (const query of [{}, { message: 'm' }]) {
      const html = await shown(path, ANSWERS[path], { query });
      const folds = [...html.matchAll(/<details(?! class="log-)([^>]*)><summary[^>]*>(.*?)<\/summary>/gs)];
      const names = folds.map(([, attributes = '', line = '']) => {
        const key = /data-key="([^"]*)"/.exec(attributes)?.[1];
        if (key === undefined) expect(line).not.toMatch(/[\d<]/);
        return key ?? line;
      });
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test('weighs less than 60 kB, with all that it loads', async () => {
    const folder = new URL('../../../assets/', import.meta.url);
    const isOfLog = path.includes('/logs/');
    const files = readdirSync(folder).filter((name) => isOfLog || !name.startsWith('log.'));
    const loaded = files.reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0);
    expect(loaded).toBeGreaterThan(20_000);
    expect(Buffer.byteLength(await shown(path, ANSWERS[path])) + loaded).toBeLessThan(60_000);
  });

  test('shows a viewer no button that changes something, and leads elsewhere all the same', async () => {
    const viewer = await shown(path, ANSWERS[path], { visitor: { who: 'ben', role: 'viewer', how: 'oidc' } });
    // What only asks leads to the view itself.
    const asks = new RegExp(`^/hooks(?:/sign-out|${path.replace(':id', '[^/]+').replace('*', '\\*')})$`);
    expect(valuesOf(viewer, 'action').filter((action) => !asks.test(action))).toEqual([]);
    expect(viewer).toContain('href="/hooks/"');
  });
});

test.each([
  ['/deliveries', 'text'],
  ['/runs', 'branch'],
  ['/lanes', 'named'],
  ['/outbound', 'endpoint'],
  ['/automations', 'named'],
  ['/sources', 'named'],
])(
  'a search of %s keeps what the address says beside its fields, but for the page, and tells it',
  async (path, field) => {
    const query = { [field]: 'a', failed: 'true', limit: '5', after: '1', before: '2', page: '3' };
    const html = await shown(path, ANSWERS[path], { query });
    const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const [form = ''] = /<form class="filters".*?<\/form>/s.exec(html) ?? [];
    const kept = hidden.filter(([input]) => form.includes(input)).map(([, name, value]) => `${name}=${value}`);
    expect(kept).toEqual(['failed=true', 'limit=5']);
    expect(html).toContain('<code>failed=true</code>');
    expect(valuesOf(html, 'href')).toContain(`/hooks${path}?${field}=a&amp;limit=5`);
    expect(await shown(path, ANSWERS[path], { query: { [field]: 'a' } })).not.toContain('Also asked for');
  },
);

test.each(['/deliveries', '/runs', '/lanes', '/outbound'])(
  'blanks around what is typed or pasted into a search are no part of it: %s',
  async (path) => {
    expect(await askedBy(path, { repository: ' acme/shop\t', branch: '  ' })).toEqual({ repository: 'acme/shop' });
  },
);

test.each([
  ['/deliveries', { deliveries: [] }, 'before'],
  ['/runs', { runs: [] }, 'page'],
  ['/outbound', { messages: [] }, 'before'],
  ['/automations', { automations: [] }, 'after'],
  ['/sources', { sources: [] }, 'after'],
  ['/lanes', { lanes: [] }, 'after'],
])('a page that turns out to be empty is the end of a list, not a list of nothing: %s', async (path, answer, page) => {
  const last = await shown(path, answer, { query: { [page]: '5', repository: 'acme/shop' } });
  expect(last).toContain('there are no more');
  expect(last).toContain('First page');
  expect(await shown(path, answer, { query: {} })).not.toContain('there are no more');
});

test('automations and sources are found by parts of their names, a page at a time', async () => {
  for (const [path, limit] of [
    ['/automations', 50],
    ['/sources', 20],
  ] as const) {
    expect(await askedBy(path, { named: ' dep ', after: 'a' })).toEqual({ limit, named: 'dep', after: 'a' });
    expect(await askedBy(path, { limit: '3' })).toEqual({ limit: '3' });
    const html = await shown(path, { ...(ANSWERS[path] as object), next: 'last' }, { query: { named: 'dep' } });
    expect(valuesOf(html, 'href')).toContain(`/hooks${path}?named=dep&amp;after=last`);
    expect(html).toContain('<input id="by-named" type="search" name="named" value="dep"');
  }
  const none = await shown('/automations', { automations: [] }, { query: { named: 'dep' } });
  expect(none).toContain('No automation that is loaded is called so.');
});

test('a pull request is found by its number as lists show it', async () => {
  expect(await askedBy('/runs', { pullRequest: ' #128 ' })).toEqual({ pullRequest: '128' });
  expect(await askedBy('/runs', { pullRequest: '128' })).toEqual({ pullRequest: '128' });
});

test('runs that wait to begin are among those that wait, and it is said where there are more', async () => {
  const waiting = {
    ...{ run: 'ci/github/w', automation: 'ci', source: 'github', delivery: 'd1', since: '2026-11-24T08:00:00.000Z' },
    ...{ repository: 'acme/shop', branch: 'main' },
  };
  const query = { query: { waiting: 'lane' } };
  const html = await shown('/runs', { runs: [], notBegun: [waiting], moreNotBegun: true }, query);
  expect(html).toContain('href="/hooks/runs/ci/github/w"');
  expect(html).toContain('More wait to begin');
  expect(html).not.toContain('No run is like that');
});

/** Returns the query that a view asks the API with. */
async function askedBy(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
  const asked: { readonly query: unknown }[] = [];
  const answers = new Proxy({}, { get: () => async (one: { readonly query: unknown }) => void asked.push(one) });
  await VIEWS.find((one) => one.path === path)?.open(answers as Answers, { id: '', part: '', query, who: 'anna' });
  return asked[0]?.query;
}

test('a search keeps a choice that its field does not offer', async () => {
  const html = await shown('/runs', ANSWERS['/runs'], { query: { outcome: 'counted' } });
  expect(html).toContain('<option value="counted" selected>counted</option>');
});

test.each(['/runs/*id', '/deliveries/:id'])(
  '%s tells when it was to those too who can point at nothing',
  async (path) => {
    const read = (await shown(path, ANSWERS[path])).replace(/<\/?(?:time|span)[^>]*>/g, '');
    expect(read).toMatch(/<dt>(?:Started|Received)<\/dt><dd>\d min [\d s]*ago, 2026-11-24 08:00:0\d UTC<\/dd>/);
  },
);

test.each(['/deliveries/:id', '/deliveries/:id/edit'])('the verdicts of %s lead to the automations', async (path) => {
  expect(valuesOf(await shown(path, ANSWERS[path]), 'href')).toContain('/hooks/automations/docs');
});

test('the verdict of what comes with Hookyard leads to no view, as it has none', async () => {
  const verdicts = [{ automation: 'hookyardClosed', outcome: 'start', because: 'closed' }];
  const html = await shown('/deliveries/:id', { ...samples.shown, verdicts });
  expect(html).toContain('<span>hookyardClosed</span>');
});

test('what is read again can be paused, and what is not has no button for that', async () => {
  const pause = '<button type="button" class="plain pause" hidden>';
  expect(await shown('/deliveries', ANSWERS['/deliveries'])).toContain(pause);
  expect(await shown('/deliveries', ANSWERS['/deliveries'], { query: { before: '5' } })).not.toContain(pause);
});

test('what has failed once has not failed so many times', async () => {
  const retried = [{ activity: 'sendWebhook', attempts: 1, error: 'gone' }];
  const html = await shown('/runs/*id', { ...samples.wholeRun, state: { status: 'running', retried } });
  expect(html).toContain('sendWebhook has failed once, and is tried again now');
});

test('a run leads to the one that has started it', async () => {
  expect(await shown('/runs/*id', samples.wholeRun)).toContain(
    '<dt>Started by</dt><dd><a href="/hooks/runs/nightly/schedule/1" class="name">nightly/schedule/1</a></dd>',
  );
});

test('a message leads to the runs that a name may mean', () => {
  const { text } = document(
    messageView('Not possible now', 'Several are called so.', { runs: ['ci/a b', 'ci/c'] }),
    around,
  );
  expect(valuesOf(String(text), 'href')).toEqual(expect.arrayContaining(['/hooks/runs/ci/a%20b', '/hooks/runs/ci/c']));
});

test('who signs in from lines of a public log comes back to these', async () => {
  const at = {
    visitor: undefined,
    isPublic: true,
    path: '/runs/ci/github/1/logs/test',
    query: { line: '5-7', text: 'a b' },
  };
  const html = await shown('/runs/*id/logs/:part', samples.log, at);
  const to = encodeURIComponent('/runs/ci/github/1/logs/test?line=5-7&text=a+b');
  expect(valuesOf(html, 'href')).toContain(`/hooks/sign-in?to=${to}`);
});

test('an operator is given the buttons', async () => {
  const html = await shown('/deliveries/:id', ANSWERS['/deliveries/:id']);
  expect(valuesOf(html, 'action')).toContain(`/hooks/deliveries/${samples.record.id}/replay`);
});

/** Returns the answer with what a text is replaced by where it matches. */
function withReplaced(value: unknown, what: RegExp, by: string): unknown {
  if (typeof value === 'string') return value.replace(what, by);
  if (Array.isArray(value)) return value.map((item) => withReplaced(item, what, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withReplaced(item, what, by)]));
}

interface Change {
  readonly worker?: string;
  readonly [field: string]: unknown;
}

test.each<[string, Change, string, string]>([
  ['all is known', {}, 'All is well', 'Nothing is broken'],
  [
    'runs were not listed in time',
    { red: undefined, stuck: undefined },
    'It is not known how runs go',
    'did not list runs in time',
  ],
  [
    'it is not known what is stuck',
    { stuck: undefined },
    'It is not known how runs go',
    'Whether runs are stuck is not known',
  ],
  ['the worker starts', { worker: 'starting' }, 'The worker is starting', 'class="badge waiting">starting'],
  ['the worker is away', { worker: 'away' }, 'The worker is away', 'class="badge failed">away'],
  ['the worker runs', { worker: 'runs' }, 'All is well', 'class="badge passed">runs'],
  ['no worker asks for work', { workers: 0 }, 'No worker is there', 'class="badge failed">none'],
  ['workers ask for work', { workers: 2 }, 'All is well', 'class="badge passed">2<'],
])('where nothing is broken, and %s, home says just that', async (_, { worker, ...change }: Change, title, says) => {
  const health = { ready: true, store: 'answers', temporal: 'answers', waiting: 0, failed: 0 };
  const well = {
    ...{ ...samples.overview, red: [], stuck: [], failedDeliveries: [] },
    health: { ...health, ...(worker && { worker, workerSince: '2026-11-24T08:00:00.000Z' }) },
  };
  const html = await shown('/', { ...well, ...change });
  expect(html).toContain(`<title>${title} · Hookyard</title>`);
  expect(html).toContain(says);
});

test('home counts all that run, wait and have failed, and leads from the newest of them to all', async () => {
  const html = await shown('/', samples.overview);
  const count = (title: string) => new RegExp(`>${title} <span class="count">([^<]*)<`).exec(html)?.[1];
  // 31 runs, one that is stuck, and two deliveries.
  expect(['Broken', 'Running', 'Waiting'].map(count)).toEqual(['34', '17', '1 or more']);
  for (const to of ['?waiting=nothing', '?waiting=anything', '?outcome=red&amp;endedSince=24h'])
    expect(html).toContain(`href="/hooks/runs${to}"`);
  expect(html).toContain('href="/hooks/deliveries?failed=true"');
});

test('the deliveries of a source that could not be started lead to all of them', async () => {
  expect(await shown('/sources', samples.sourceList)).toContain(
    'href="/hooks/deliveries?source=github&amp;failed=true"',
  );
});

test('a run leads from the step that has failed to where its log says so, and from one that passed to its beginning', async () => {
  const log = 'href="/hooks/runs/ci/github/2/logs/ci';
  expect(await shown('/runs/*id', samples.wholeRun)).toContain(`${log}" aria-keyshortcuts="f">npm test</a>`);
  const passed = samples.wholeRun.timeline?.map((entry) => ({ ...entry, state: 'passed' }));
  expect(await shown('/runs/*id', { ...samples.wholeRun, timeline: passed })).toContain(
    `${log}?line=81#L81">npm test</a>`,
  );
});

test('a run tells where its steps ran, beside what became of their caches, also where that took no time', async () => {
  expect(await shown('/runs/*id', samples.wholeRun)).toContain(
    'runs in a sandbox, without network, cache npm-1f: restored as npm-0e',
  );
  const [first] = samples.wholeRun.timeline?.filter(({ kind }) => kind === 'prepare') ?? [];
  const { caches: _, ...short } = { ...first, endedAt: first?.startedAt };
  expect(await shown('/runs/*id', { ...samples.wholeRun, timeline: [short] })).toContain(
    'runs in a sandbox, without network',
  );
});

test('what a run says went wrong is said once: by a problem not where its test says it, by a log only where tests do not', async () => {
  const [step] = samples.wholeRun.timeline?.filter(({ step }) => step !== undefined) ?? [];
  const problem = { severity: 'error', message: '1 is  not\n2', file: 'src/math.ts', line: 7 };
  const found = (problems: readonly unknown[]) => ({
    ...samples.wholeRun,
    state: { ...samples.wholeRun.state, error: 'npm test failed\nits last line' },
    timeline: [{ ...step, step: { ...step?.step, problems } }],
  });
  const html = await shown('/runs/*id', found([problem]));
  expect(html).not.toContain('aria-label="Problems"');
  expect(html).toContain('<summary>The last line of its log</summary>');
  expect(await shown('/runs/*id', found([{ ...problem, file: 'src/other.ts' }]))).toContain('aria-label="Problems"');
});

test('a red run shows the line of a log that says why, leads there, and folds the last lines; also to everybody', async () => {
  const timeline = samples.wholeRun.timeline?.filter(({ step }) => step === undefined);
  const state = { status: 'failed', outcome: 'failed', error: 'Job ci: "npm test" failed\nits last line' };
  const red = { ...samples.wholeRun, timeline, state };
  const link = 'href="/hooks/runs/ci/github/2/logs/ci?line=83#L83"';
  const html = await shown('/runs/*id', red);
  for (const part of [link, 'src/a.ts:3:4: error: no such type', '<summary>The last line of its log</summary>'])
    expect(html).toContain(part);
  expect(await shown('/runs/*id', { ...red, failing: undefined })).not.toContain('<summary>The last line');
  const everybody = await shown('/runs/*id', publicRun(red as WholeRunAnswer), { isPublic: true });
  expect(everybody).toContain(link);
  expect(everybody).not.toContain('its last line');
});

test('what steps wrote for people is told by step, and of a job that passed in the run before by job', async () => {
  const [step] = samples.wholeRun.timeline?.filter(({ summary }) => summary !== undefined) ?? [];
  const before = { ...step, kind: 'prepare', job: 'docs', name: 'docs: 2 steps', summary: 'as it was' };
  const { number: _, step: __, ...job } = before;
  const html = await shown('/runs/*id', { ...samples.wholeRun, timeline: [step, job] });
  const titles = [...html.matchAll(/<p class="dim">([^<]*)<\/p><pre/g)].map(([, title]) => title);
  expect(titles).toEqual(['ci › npm test', 'docs, in the run before']);
  expect(html).toContain('as it was');
});

test('a run that did more than is shown says so, and what ended unseen is not said to go on', async () => {
  expect(await shown('/runs/*id', samples.wholeRun)).not.toContain('more than is shown');
  const timeline = samples.wholeRun.timeline?.map((entry) => ({ ...entry, state: 'unknown' }));
  const html = await shown('/runs/*id', { ...samples.wholeRun, timeline, timelineIsCut: true });
  expect(html).toContain('It did more than is shown');
  // What is shown is not how many there were.
  expect(html).toContain('<h2 id="steps">Steps</h2>');
  expect(html).toContain('class="badge unknown">unknown');
  expect(html).not.toContain('</svg> goes on</li>');
});

test('a lane that is alone is shown page by page to its end', async () => {
  const [lane] = samples.laneList.lanes;
  const entry = lane?.entries.find(({ state }) => state === 'waits');
  const entries = Array.from({ length: 1_200 }, (_, at) => ({ ...entry, workflowId: `deploy/github/n${at}-` }));
  const at = (query: Record<string, string>) => shown('/lanes', { lanes: [{ ...lane, entries }] }, { query });
  const first = await at({ named: 'x' });
  expect(first).toContain('700 more wait behind these.');
  expect(first).not.toContain('Show this lane alone');
  expect(first).toContain('href="/hooks/lanes?named=x&amp;behind=500" rel="next"');
  const last = await at({ named: 'x', behind: '1000' });
  expect(last).toContain('waits, number 1200');
  expect(last).toContain('/runs/deploy/github/n1000-"');
  expect(last).not.toContain('/runs/deploy/github/n999-"');
  expect(last).not.toContain('rel="next"');
  expect(await at({ named: 'x', behind: 'nonsense' })).toContain('waits, number 500<');
});

test('a search in a log tells which of how many lines it has found', async () => {
  const search = { kind: 'text', text: 'needle', line: 83, count: 1, from: 82, to: 900 };
  const at = (total: object) => shown('/runs/*id/logs/:part', { ...samples.log, search: { ...search, total } });
  expect(await at({ count: 17, place: 3 })).toContain('Line 83 has it, 3 of 17.');
  expect(await at({ count: 17, isLeast: true })).toContain('Line 83 has it, one of at least 17.');
});

test('a search in a log marks lines in which it is read, whatever codes stand within it', async () => {
  const marked = async (text: string) => {
    const lines = samples.log.lines.map((line) =>
      line.number === 84 ? { ...line, text: '\u001b[31mred\u001b[0m and a link' } : line,
    );
    const search = { kind: 'text', text, line: 84, count: 1, from: 82, to: 900 };
    const html = await shown('/runs/*id/logs/:part', { ...samples.log, lines, search });
    return [...html.matchAll(/<li id="L(\d+)" class="[^"]*\bhit\b/g)].map(([, number]) => number);
  };
  expect(await marked('Red AND')).toEqual(['84']);
  expect(await marked('needle')).toEqual(['82']);
});

test('a run that has not begun tells its place in its lane', async () => {
  const { run, delivery, jobs } = samples.wholeRun;
  const waiting = { run, delivery, jobs, automation: 'deploy', state: { status: 'waiting' } };
  const { inLane } = samples.wholeRun;
  const { until: _, ...place } = inLane ?? {};
  const second = await shown('/runs/*id', { ...waiting, inLane: place });
  expect(second).toContain('deploy</h1>');
  expect(second).toContain('For a slot of its lane: it is number 2.');
  const lane = '<a href="/hooks/lanes?named=ci+main">ci acme/shop main</a>';
  expect(second).toContain(`${lane}, number 2 of those that wait, since <time datetime="2026-11-24T08:00:00.000Z"`);
  expect(second).toContain('(the lane is paused)');
  const next = { ...waiting, inLane: { ...place, place: 1, mode: 'open' } };
  expect(await shown('/runs/*id', next)).toContain('it is the next.');
  expect(await shown('/runs/*id', next)).not.toContain('the lane is');
});

test('a run that waits in its lane tells behind whom, and who holds the lane up and why', async () => {
  const { inLane } = samples.wholeRun;
  const held = { ...inLane, after: 'ci/github/1', by: 'ada', reason: 'a freeze' };
  const html = await shown('/runs/*id', { ...samples.wholeRun, inLane: held });
  expect(html).toMatch(/<\/time>, after <a [^>]*href="\/hooks\/runs\/ci\/github\/1"/);
  expect(html).toContain('(the lane is paused by <bdi>ada</bdi>: <bdi>a freeze</bdi>)');
});

test('a run that was superseded before it began tells by which one', async () => {
  const { run, delivery, jobs } = samples.wholeRun;
  const state = { status: 'superseded', standing: 'superseded by ci/github/3' };
  const html = await shown('/runs/*id', { run, delivery, jobs, automation: 'ci', state });
  expect(html).toMatch(/superseded by <a [^>]*href="\/hooks\/runs\/ci\/github\/3"/);
  expect(html).not.toContain('What went wrong');
});

test('a run names the lane where it has a slot, has stepped aside, or was before it ended', async () => {
  const { inLane, about } = samples.wholeRun;
  const at = async (more: object) => shown('/runs/*id', { ...samples.wholeRun, ...more });
  const { place: _, until: __, ...slot } = { place: 0, until: 0, ...inLane };
  expect(await at({ inLane: { ...slot, state: 'runs' } })).toContain('ci acme/shop main</a>, has a slot since <time');
  expect(await at({ inLane: { ...slot, state: 'aside' } })).toContain('ci acme/shop main</a>, stepped aside <time');
  const ended = await at({ inLane: undefined, about: { ...about, lane: 'deploy acme/shop' } });
  expect(ended).toContain('<a href="/hooks/lanes?named=deploy+acme%2Fshop">deploy acme/shop</a></dd>');
  expect(await at({ inLane: undefined })).not.toContain('<dt>Lane</dt>');
});

test('statuses stand for themselves: what each says in its own colour, and beside it whether it was written, or why not', async () => {
  const html = await shown('/runs/*id', samples.wholeRun);
  const [, section = ''] = html.split('id="statuses"');
  const rows = [...section.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => row);
  expect(rows[1]).toContain('<span class="badge failed">failure</span>');
  expect(rows[1]).toMatch(/hookyard\/ci<\/bdi>.*is failure.*<td>written<\/td>/s);
  expect(rows[2]).toMatch(/error<\/span>.*hookyard\/ci\/other.*refused: GitHub answered 404/s);
  // What it had said before is there too, and no step.
  expect(section).toMatch(/One before.*<span class="badge waiting">pending<\/span>/s);
  expect(html).not.toContain('hookyard/ci: failure');
});

test('a status that no provider has is not said to be there', async () => {
  const [entry] = samples.wholeRun.timeline?.filter(({ status }) => status?.state === 'failure') ?? [];
  const at = (more: object) =>
    shown('/runs/*id', { ...samples.wholeRun, timeline: [{ ...entry, ...more, startedAt: entry?.startedAt }] });
  const status = { ...entry?.status, notWritten: 'source github has no API credentials' };
  expect(await at({ status })).toContain('not written: source github has no API credentials');
  const away = await at({ endedAt: undefined, state: 'running', because: 'GitHub answers 503' });
  expect(away).toContain('not yet: GitHub answers 503');
  expect(await at({ endedAt: undefined, state: 'running' })).toContain('being written');
});

test('the times of a run have a legend of the colours that are there, and of no others', async () => {
  const html = await shown('/runs/*id', samples.wholeRun);
  const [, legend = ''] = /<ul class="strip legend"[^>]*>(.*?)<\/ul>/s.exec(html) ?? [];
  const words = [...legend.matchAll(/<\/svg> ([^<]+)<\/li>/g)].map(([, said]) => said);
  expect(words).toEqual([
    'waits for a slot',
    'waits for a lane, a person or an event',
    'checkout and calls',
    'failed',
    'goes on',
  ]);
});

test('a run that was superseded tells why, and not that something went wrong', async () => {
  const state = { status: 'cancelled', outcome: 'superseded', error: 'superseded by ci/github/3' };
  const html = await shown('/runs/*id', { ...samples.wholeRun, state });
  expect(html).toContain('>Why</h2>');
  expect(html).not.toContain('What went wrong');
  expect(html).toContain('href="/hooks/runs/ci/github/3" class="name">ci/github/3</a>');
});

test('a run leads to its automation’s others of the same branch or pull request, for who may see lists', async () => {
  const linked = async (about: object, isPublic = false) => {
    const answer = { ...samples.wholeRun, about: { ...samples.wholeRun.about, ...about } };
    return valuesOf(await shown('/runs/*id', answer, { isPublic }), 'href').filter((href) => href.includes('/runs?'));
  };
  const others = '/hooks/runs?automation=ci&amp;repository=acme%2Fshop';
  expect(await linked({ branch: 'a/b', pullRequest: undefined })).toEqual([`${others}&amp;branch=a%2Fb`]);
  expect(await linked({ branch: 'a/b', pullRequest: 7 })).toEqual([`${others}&amp;pullRequest=7`]);
  expect(await linked({ branch: undefined, pullRequest: undefined })).toEqual([others]);
  expect(await linked({}, true)).toEqual([]);
});
