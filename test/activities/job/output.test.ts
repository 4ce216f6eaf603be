import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createJobLog, type JobLogOptions } from '../../../src/activities/job/job-log.js';
import { createLineSplitter } from '../../../src/activities/job/lines.js';
import { startGroup } from '../../../src/activities/job/process-group.js';
import { createTail } from '../../../src/activities/job/tail.js';
import { createMask } from '../../../src/secrets/mask.js';
import { Secret } from '../../../src/secrets/secret.js';
import type { NewLogLine } from '../../../src/store/store.js';

const SECRET = 'canary-of-a-secret?>~';
const mask = (text: string) => createMask([new Secret(SECRET)])(text);

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

const LONG = 8_192;
test.each([
  ['what is left of a progress bar fits', `${'a'.repeat(LONG)}b\rc`, ['a'.repeat(LONG), 'b\rc']],
  [
    'what is left of it just fits',
    `${'a'.repeat(LONG)}b\r${'c'.repeat(LONG - 2)}`,
    ['a'.repeat(LONG), `b\r${'c'.repeat(LONG - 2)}`],
  ],
  ['a return stands behind it', `${'a'.repeat(LONG)}\r${'b'.repeat(9)}`, ['a'.repeat(LONG), `\r${'b'.repeat(9)}`]],
  ...['\u{10000}', '\u{103ff}', '\u{1f600}'].map((pair): [string, string, string[]] => [
    'a character of two units stands there',
    `${'a'.repeat(LONG - 1)}${pair}b`,
    ['a'.repeat(LONG - 1), `${pair}b`],
  ]),
  ['a character of one unit stands there', `${'a'.repeat(LONG)}\uff01`, ['a'.repeat(LONG), '\uff01']],
])('a line that is too long is cut at its 8,192nd character: %s', (_, line, pieces) => {
  const splitter = createLineSplitter((text) => text);
  expect(splitter.add(`${line}\n`)).toEqual(pieces);
});

test('a line of 8,192 characters stays whole, a longer one is cut there, and one without end from 65,536 on', () => {
  const splitter = createLineSplitter((text) => text);
  const [whole, longer] = ['x'.repeat(8_192), 'x'.repeat(8_193)];
  expect(splitter.add(`${whole}\n${longer}\n`)).toEqual([whole, whole, 'x']);
  const whole4 = Array.from({ length: 4 }, () => 'y'.repeat(8_192));
  expect(splitter.add('y'.repeat(65_536))).toEqual([]);
  expect(splitter.add('y')).toEqual([...whole4, 'y']);
  expect(splitter.end()).toEqual(whole4);
});

test.each([1_000_000, 4_096, 77])(
  'a progress bar that is too long for a line is cut between two of its states, in pieces of %d',
  (size) => {
    const states = Array.from({ length: 3_000 }, (_, i) => `building ${i} of 3000 [${'='.repeat(i % 40)}]`);
    const bar = `${states.join('\r')}\ndone\n`;
    const splitter = createLineSplitter(String);
    const lines: string[] = [];
    for (let at = 0; at < bar.length; at += size) lines.push(...splitter.add(bar.slice(at, at + size)));
    expect(lines.pop()).toBe('done');
    expect(lines.flatMap((line) => line.split('\r'))).toEqual(states);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(8_192);
    expect(lines.length).toBeLessThan(30);
  },
);

test('a line is not cut within a character', () => {
  const lines = createLineSplitter(String).add(`x${'😀'.repeat(10_000)}\n`);
  expect(lines.map((line) => Buffer.from(line).toString()).join('')).toBe(`x${'😀'.repeat(10_000)}`);
});

test('a secret of 8 kB is hidden in a line without end, also where it is written three times as long', () => {
  const secret = Array.from({ length: 1_000 }, (_, i) => `/${(i * 7_919).toString(36)}?é`)
    .join('')
    .slice(0, 8_000);
  const mask = createMask([new Secret(secret)]);
  for (const written of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex')]) {
    expect(written.length).toBeLessThan(33_000);
    const text = `${'x '.repeat(20_000)}${written}${' z'.repeat(40_000)}`;
    for (const size of [999, 4_096, 65_536]) {
      const splitter = createLineSplitter(mask);
      const lines: string[] = [];
      for (let at = 0; at < text.length; at += size) lines.push(...splitter.add(text.slice(at, at + size)));
      expect([...lines, ...splitter.end()].join('')).toBe(text.replace(written, '***'));
    }
  }
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
