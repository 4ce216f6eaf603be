import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EditAnswer, StartEditedAnswer } from '../../src/server/api/contract.js';
import { deliver } from '../support/harness/delivery.js';
import { uniquePush } from '../support/harness/payloads.js';
import { openPlace, type Place } from '../support/harness/place.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

let place: Place;
let receiver: Receiver;
let delivery: string;
beforeAll(async () => {
  place = await openPlace();
  receiver = await startReceiver();
  delivery = (await deliver(receiver.url, { body: uniquePush() })).body.delivery ?? '';
});
afterAll(() => receiver?.close());

const hookyard = (args: readonly string[], env: Readonly<Record<string, string>> = {}, stdin?: string) =>
  place.hookyard([...args, '--url', receiver.url], env, undefined, stdin);

test('a payload is printed, changed, judged, and started from the command line', async () => {
  const { out: payload } = await hookyard(['explain', delivery, '--payload']);
  const file = await place.write('changed.json', payload.replace('refs/heads/main', 'refs/heads/master'));
  const explained = await hookyard(['explain', delivery, '--file', file]);
  expect(explained.code).toBe(0);
  expect(explained.out).toContain('  ~ ref: "refs/heads/main" → "refs/heads/master"\n');
  expect(explained.out).toMatch(/would start {2}ci/);
  expect(explained.out).toContain(`Start     npx hookyard replay ${delivery} --file <payload>`);
  const started = await hookyard(['replay', delivery, '--file', '-', '--json'], {}, await readFile(file, 'utf8'));
  const answer = JSON.parse(started.out) as StartEditedAnswer;
  expect(answer).toMatchObject({ from: delivery, runs: [expect.stringMatching(/^ci\/github\/edited\//)] });
  const shown = await hookyard(['explain', answer.delivery, '--diff']);
  expect(shown.out).toMatch(new RegExp(`^Edited    by .+ from ${delivery}: no provider has sent or signed it$`, 'm'));
  expect(shown.out).not.toContain('Verified');
  expect(shown.out).toContain(`Compared  with ${delivery}`);
});

test('a payload is changed in an editor, and what is no JSON is told with its place', async () => {
  const editor = await place.write('editor.sh', '#!/bin/sh\nsed -i "s#refs/heads/main#refs/heads/dev#" "$2"\n');
  const edited = await hookyard(['explain', delivery, '--edit', '--json'], { EDITOR: `sh ${editor} --wait` });
  expect(edited.err).toBe('');
  expect((JSON.parse(edited.out) as EditAnswer).edited.says).toContain('push to dev of acme/shop');
  const none = await hookyard(['explain', delivery, '--edit'], { EDITOR: '', VISUAL: '' });
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('Set VISUAL or EDITOR')]);
  const broken = await hookyard(['explain', delivery, '--file', await place.write('broken.json', '{\n  "a": \n}')]);
  expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('line 3, column 1: a value is missing')]);
});

test('what a terminal would obey is escaped in a payload that is printed, so that it reads as it was received', async () => {
  const body = uniquePush({ note: 'שלום\u200f! \u202eabc\u2028 \u0085' });
  const { delivery: id = '' } = (await deliver(receiver.url, { body })).body;
  const { out } = await hookyard(['explain', id, '--payload']);
  expect(out).toContain('\\u200f! \\u202eabc\\u2028 \\u0085');
  expect(JSON.parse(out)).toEqual(JSON.parse(body));
});

test('the line break that an editor puts at the end of a form is no part of its last field', async () => {
  const forms = await startReceiver({
    config: { sources: { chat: { options: { kind: 'token' }, secrets: ['a-token-of-20-letters'] } } },
  });
  try {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'Bearer a-token-of-20-letters',
    };
    const sent = await deliver(forms.url, { source: 'chat', body: 'command=%2Fdeploy&text=staging', headers });
    const id = sent.body.delivery ?? '';
    const ask = (...args: string[]) => place.hookyard(['explain', id, '--json', '--url', forms.url, ...args]);
    const { out: payload } = await place.hookyard(['explain', id, '--payload', '--url', forms.url]);
    expect(payload).toBe('command=%2Fdeploy&text=staging\n');
    const same = JSON.parse((await ask('--file', await place.write('same', payload))).out) as EditAnswer;
    expect(same.changed.shown).toEqual([]);
    const other = await place.write('other', payload.replace('staging', 'production'));
    const changed = JSON.parse((await ask('--file', other)).out) as EditAnswer;
    expect(changed.changed.shown).toMatchObject([
      { path: expect.stringContaining('text'), after: expect.stringContaining('production') },
    ]);
  } finally {
    await forms.close();
  }
});
