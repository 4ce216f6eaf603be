import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createJobLog, type JobLogOptions } from '../../../src/activities/job/job-log.js';
import { createLineSplitter } from '../../../src/activities/job/lines.js';
import { createMask, secretsIn } from '../../../src/activities/job/mask.js';
import { startGroup } from '../../../src/activities/job/process-group.js';
import { createTail } from '../../../src/activities/job/tail.js';
import { Secret } from '../../../src/secrets/secret.js';
import type { NewLogLine } from '../../../src/store/store.js';

const SECRET = 'canary-of-a-secret?>~';
const mask = (text: string) => createMask([new Secret(SECRET)])(text);
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['plain', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in base64', base64(SECRET)],
  ['in base64, with a line break at its end', base64(`${SECRET}\n`)],
  ['in base64, behind a user’s name', base64(`me:${SECRET}`)],
  ['in base64, behind a longer one', base64(`you:${SECRET}:more`)],
  ['in base64, behind a longer one still', base64(`token:${SECRET}`)],
  ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
])('a mask hides a secret %s', (_, text) => {
  const masked = mask(`before ${text} after`);
  expect(masked).toMatch(/^before .{0,12}\*\*\*.{0,10} after$/);
  for (let i = 0; i + 12 <= text.length; i++) {
    const piece = text.slice(i, i + 12);
    // What belongs to the user's name may stay.
    if (i >= 8 && i + 12 <= text.length - 8) expect(masked).not.toContain(piece);
  }
});

test('a mask hides each line of a secret that has several, also within JSON', () => {
  const key = `-----BEGIN KEY-----\n${'canary'.repeat(15)}\n${'second'.repeat(15)}\n-----END KEY-----\n`;
  const hide = createMask([new Secret(key)]);
  expect(hide(key)).toBe('***\n');
  expect(hide(`x\n${'canary'.repeat(15)}`)).toBe('x\n***');
  expect(hide(JSON.stringify({ key }))).toBe('{"key":"***\\n"}');
});

// 76 columns are those of `base64`, 64 those of `openssl base64` and of PEM files.
test.each([76, 64])('a mask hides a secret in base64 that is broken into lines of %i columns', (columns) => {
  const key = `-----BEGIN KEY-----\n${'canary'.repeat(15)}\n${'second'.repeat(15)}\n-----END KEY-----\n`;
  const hide = createMask([new Secret(key)]);
  const lines = base64(key).match(new RegExp(`.{${columns}}`, 'g')) ?? [];
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(hide(line)).toBe('***');
});

test('a mask hides a line of a secret alone, without the blanks around it, and as JSON writes it', () => {
  const hide = createMask([new Secret('  first "line" of it  \r\n\tsecond line of it ')]);
  expect(hide('<first "line" of it>')).toBe('<***>');
  expect(hide('<second line of it>')).toBe('<***>');
  expect(hide('"first \\"line\\" of it"')).toBe('"***"');
  expect(hide('first%20%22line%22%20of%20it')).toBe('***');
});

test('a mask hides the longest spelling as a whole: one secret may be part of another', () => {
  const hide = createMask([new Secret('canary'), new Secret('canary-and-more'), new Secret('x-canary-and-more-y')]);
  expect(hide('x-canary-and-more-y canary-and-more canary')).toBe('*** *** ***');
});

test('a mask leaves values of five characters alone, which would blot out ordinary words, and hides those of six', () => {
  expect(createMask([new Secret('yes')])('yes, it does')).toBe('yes, it does');
  expect(createMask([new Secret('seven\nabcdef')])('seven abcdef')).toBe('seven ***');
  expect(createMask([new Secret('')])('any words')).toBe('any words');
});

test('a mask hides the whole of a secret in base64 for URLs, and no short piece of one in base64', () => {
  const secret = 'canary???>>>';
  expect(createMask([new Secret(secret)])(Buffer.from(secret).toString('base64url'))).toBe('***');
  expect(createMask([new Secret('seven\nabcdef')])(base64('seven'))).toBe(base64('seven'));
  // Of the last of its lines in base64, one character depends on the secret alone.
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/';
  expect(createMask([new Secret('x'.repeat(58))])(letters)).toBe(letters);
});

test('the secrets of a configuration are found wherever they stand', () => {
  const secrets = ['one', 'two', 'three'].map((value) => new Secret(value));
  const [one, two, three] = secrets;
  expect(secretsIn({ a: one, b: { c: [two, 'x', null, 7, undefined] }, d: null, e: [[{ f: three }]] })).toEqual(
    secrets,
  );
  expect(secretsIn([null, undefined, 'x', 7, {}])).toEqual([]);
});

test('lines are masked before they are cut: no cut goes through a secret', () => {
  for (let before = 8_192 - SECRET.length - 1; before <= 8_193; before++) {
    for (const end of ['', '\n']) {
      const splitter = createLineSplitter(mask);
      const text = `${'x'.repeat(before)}${SECRET}${'y'.repeat(20_000)}${end}`;
      const lines = [...splitter.add(text), ...splitter.end()];
      expect(lines.join('')).toBe(text.trimEnd().replace(SECRET, '***'));
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(8_192);
    }
  }
});

test('lines end at a line break, with a carriage return or without, and the last one where the output ends', () => {
  const splitter = createLineSplitter((text) => text);
  expect(splitter.add('one\r\ntwo\n\nthr')).toEqual(['one', 'two', '']);
  expect(splitter.add('ee')).toEqual([]);
  expect(splitter.add('\n\rfour')).toEqual(['three']);
  expect(splitter.end()).toEqual(['\rfour']);
  expect(splitter.end()).toEqual([]);
  expect(splitter.add('\n')).toEqual(['']);
});

test('a line of 8,192 characters stays whole, a longer one is cut there, and one without end from 16,384 on', () => {
  const splitter = createLineSplitter((text) => text);
  const [whole, longer] = ['x'.repeat(8_192), 'x'.repeat(8_193)];
  expect(splitter.add(`${whole}\n${longer}\n`)).toEqual([whole, whole, 'x']);
  expect(splitter.add('y'.repeat(16_384))).toEqual([]);
  expect(splitter.add('y')).toEqual(['y'.repeat(8_192), 'y']);
  expect(splitter.end()).toEqual(['y'.repeat(8_192)]);
});

test('a secret that is longer than two lines leaves no empty line', () => {
  const secret = 'canary'.repeat(3_000);
  const splitter = createLineSplitter(createMask([new Secret(secret)]));
  expect([...splitter.add(secret), ...splitter.end()]).toEqual(['***']);
});

test('lines are masked wherever the output comes in two pieces, in a line without end too', () => {
  for (const long of ['', 'z'.repeat(30_000)]) {
    const text = `${long}${SECRET}${long}`;
    for (let cut = long.length; cut <= long.length + SECRET.length; cut++) {
      const splitter = createLineSplitter(mask);
      const lines = [...splitter.add(text.slice(0, cut)), ...splitter.add(text.slice(cut)), ...splitter.end()];
      expect(lines.join('')).toBe(`${long}***${long}`);
    }
  }
});

test('a tail is 4 kB at most, of whole characters', () => {
  const tail = createTail();
  expect(tail.read()).toBe('');
  tail.add('é'.repeat(8_000));
  expect(Buffer.byteLength(tail.read())).toBeLessThanOrEqual(4_096);
  expect(tail.read()).toMatch(/^é+$/);
  for (let i = 0; i < 100_000; i++) tail.add(String(i));
  expect(tail.read()).toMatch(/\n99998\n99999$/);
  expect(Buffer.byteLength(tail.read())).toBeLessThanOrEqual(4_096);
});

const logOf = (append: JobLogOptions['logs']['append'], mostBytes?: number) =>
  createJobLog({
    logs: { append },
    job: { workflowId: 'w', job: 'j' },
    attempt: 1,
    mask,
    log: pino({ level: 'silent' }),
    mostBytes,
  });

describe.concurrent('a job’s log', () => {
  test('a job’s log keeps what a program has written last, however slow the store is', async () => {
    const kept: NewLogLine[] = [];
    const jobLog = logOf(async (_, lines) => {
      await wait(150);
      kept.push(...lines);
    });
    const group = startGroup({
      command: '/bin/sh',
      args: ['-c', 'seq -f %060g 1 120000; echo "the reason"'],
      cwd: '/',
      env: { PATH: process.env.PATH ?? '' },
    });
    const output = jobLog.output({ stream: 'stdout', step: 's' });
    for await (const chunk of group.stdout) await output.write(chunk);
    await output.end();
    await jobLog.end();
    expect(kept).toHaveLength(120_001);
    expect(kept.at(-1)?.text).toBe('the reason');
  });

  test('a job’s log keeps up to its bound, says so once, and still knows the last lines', async () => {
    const kept: NewLogLine[] = [];
    const jobLog = logOf(async (_, lines) => void kept.push(...lines), 10_000);
    const output = jobLog.output({ stream: 'stdout', step: 's' });
    for (let i = 0; i < 1_000; i++) await output.write(`line ${i}\n`);
    await jobLog.note('the end');
    await jobLog.end();
    expect(kept.length).toBeLessThan(150);
    expect(kept.filter(({ text }) => text.startsWith('output is cut here'))).toHaveLength(1);
    expect(kept.at(-1)?.text).toBe('the end');
    expect(jobLog.tail()).toMatch(/line 999\nthe end$/);
  });

  test('a job’s log waits once for a store that is away, and not for every batch', async () => {
    let tries = 0;
    const kept: NewLogLine[] = [];
    let isAway = true;
    const jobLog = logOf(async (_, lines) => {
      tries += 1;
      if (isAway) throw new Error('away');
      kept.push(...lines);
    });
    for (let i = 0; i < 4; i++) {
      await jobLog.note(`${i}`);
      await jobLog.end();
    }
    expect(tries).toBe(5 + 3);
    isAway = false;
    await jobLog.note('again');
    await jobLog.end();
    expect(kept.map(({ text }) => text)).toEqual(['again']);
  });
});
