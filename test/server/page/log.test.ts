import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewLogLine } from '../../../src/store/store.js';
import { type Receiver, startReceiver } from '../../support/harness/receiver.js';
import { API_TOKEN } from '../../support/harness/receiver-config.js';

const RUN = 'ci/github/abc-123';
const JOB = 'test / node 20.json';
const PATH = `/runs/${RUN}/logs/test%20%2F%20node%2020%2Ejson`;
const asJob = `run=${encodeURIComponent(RUN)}&job=${encodeURIComponent(JOB)}`;

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  const of = { attempt: 1, stream: 'stdout', step: 'npm test' } as const;
  const note = { attempt: 1, stream: 'note' } as const;
  const lines: NewLogLine[] = [
    { ...note, at: 0, text: 'step 1 of 1: npm test' },
    ...Array.from({ length: 998 }, (_, at) => ({ ...of, at: at * 100, text: `compiling module number ${at}` })),
    { ...of, at: 100_000, text: '\u001b[31;1msrc/a.ts:3:4: error:\u001b[0m <b>no</b>' },
    { ...of, at: 100_100, text: 'npm error code 1' },
    { ...note, at: 100_200, text: 'npm test: failed with exit code 1 after 100.2 s' },
  ];
  await receiver.store.logs.append({ workflowId: RUN, job: JOB }, lines);
});
afterAll(() => receiver.close());

const ask = async (path: string, headers: Record<string, string> = { accept: 'text/html' }) => {
  const response = await fetch(`${receiver.url}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

test('a log opens at its failing line, which is a link to itself', async () => {
  const { status, text } = await ask(PATH);
  expect(status).toBe(200);
  expect(text).toContain('<li id="L1000" class="wrong at">');
  expect(text).toContain('href="?line=1000#L1000"');
  expect(text).toContain('<span class="c1 bold">src/a.ts:3:4: error:</span>');
  expect(text).toContain(' &lt;b>no&lt;/b>');
  expect(text).not.toContain('id="L1"');
  expect(text.match(/<li id="L/g)).toHaveLength(200);
});

test('what is noted while a step runs stands among its lines; a step that runs again, and the next one, stand by themselves', async () => {
  const of = { at: 0, attempt: 1, stream: 'stdout', step: 'unit' } as const;
  const note = { at: 0, attempt: 1, stream: 'note' } as const;
  await receiver.store.logs.append({ workflowId: RUN, job: 'noted' }, [
    { ...note, text: 'step 1 of 2: unit' },
    { ...of, text: 'not ok 1 - adds' },
    { ...note, text: 'the commit status is red: test "adds" failed' },
    { ...of, text: '# fail 1' },
    { ...note, text: 'unit: failed with exit code 1 after 0.1 s' },
    { ...note, text: 'step 1 of 2: unit, attempt 2' },
    { ...of, text: 'ok 1 - adds' },
    { ...note, text: 'unit: passed in 0.1 s' },
    { ...note, text: 'step 2 of 2: unit' },
    { ...of, text: 'another of this name' },
  ]);
  const { text } = await ask(`/runs/${RUN}/logs/noted?line=1`);
  const steps = text.split('<details class="log-step"').slice(1);
  const linesOf = (step: string) =>
    [...(step.split('</details>')[0] ?? '').matchAll(/id="L(\d+)"/g)].map((one) => one[1]);
  expect(steps.map(linesOf)).toEqual([['2', '3', '4'], ['7'], ['10']]);
});

test('it is light, with its styles and scripts', async () => {
  const { text } = await ask(PATH);
  const files = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(files).toHaveLength(10);
  const sent = await Promise.all(files.map(async (file) => Number((await ask(file)).headers.get('content-length'))));
  expect(sent).not.toContain(0);
  expect(Buffer.byteLength(text) + sent.reduce((all, size) => all + size, 0)).toBeLessThan(60_000);
});

test('its parts are pages of their own, without script', async () => {
  const { text } = await ask(`${PATH}?line=500-510`);
  expect(text.match(/class="at"/g)).toHaveLength(11);
  const [, earlier = ''] = /href="([^"]+)" rel="prev"/.exec(text) ?? [];
  const before = await ask(earlier.replaceAll('&amp;', '&'));
  expect(before.text).toContain('id="L366"');
  expect((await ask(`${PATH}?text=NUMBER+500`)).text).toContain('Line 502 has it, 1 of 1.');
  expect((await ask(`${PATH}?failure=true&from=1001`)).text).toContain('Line 1001 reads like an error.');
  expect((await ask(`${PATH}?line=nonsense`)).status).toBe(400);
  expect((await ask(`/runs/${RUN}/logs/never`)).status).toBe(404);
});

test('what the page shows is what the API answers', async () => {
  const bearer = { authorization: `Bearer ${API_TOKEN}` };
  const page = await ask(`${PATH}.json?line=5`);
  const api = await ask(`/api/logs/open?${asJob}&line=5`, bearer);
  expect(JSON.parse(page.text)).toEqual(JSON.parse(api.text));
  const found = JSON.parse((await ask(`/api/logs/search?${asJob}&text=MODULE&limit=2`, bearer)).text);
  expect(found).toMatchObject({ count: 998, from: 1, to: 1002, lines: [{ number: 2 }, { number: 3 }] });
  const text = await ask(`/logs/text?${asJob}`);
  expect(text.text).toBe((await ask(`/api/logs/text?${asJob}`, bearer)).text);
  expect(text.text.split('\n')).toHaveLength(1_003);
});

test('nobody reads a log who may not look, nor follows one', async () => {
  for (const path of [`/api/logs/live?${asJob}`, `/api/logs/text?${asJob}`, `/api/logs/open?${asJob}`])
    expect((await ask(path)).status).toBe(401);
  const elsewhere = { accept: 'application/json', 'x-forwarded-for': '192.0.2.1' };
  for (const path of [`/logs/live?${asJob}`, `/logs/text?${asJob}`, PATH])
    expect((await ask(path, elsewhere)).status).toBe(401);
});
