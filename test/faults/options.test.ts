import { expect, test } from 'vitest';
import { HELP, readOptions, UsageError } from './options.js';

const wrong = (line: string) => {
  try {
    readOptions(line.split(' '));
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error(`${line} is understood`);
};

test('nothing said, everything said, and one of the trials', () => {
  expect(readOptions([])).toMatchObject({ what: 'faults', minutes: 5, store: 'sqlite', layout: 'start', rate: 20 });
  const all = '-- --minutes 1.5 --seed 7 --store postgres --servers 2 --workers 2 --rate 5 --only worker --only lock';
  expect(readOptions(all.split(' '))).toEqual({
    ...{ what: 'faults', minutes: 1.5, seed: 7, store: 'postgres', layout: 'apart' },
    ...{ servers: 2, workers: 2, rate: 5, only: ['worker', 'lock'] },
  });
  expect(readOptions(['--lanes', '--only', 'queue'])).toEqual({ what: 'lanes', only: ['queue'] });
  for (const help of ['--help', '-h']) expect(readOptions([help, '--lanes'])).toEqual({ what: 'help' });
});

test('help names all that can be said', () => {
  const text = HELP.join('\n');
  for (const name of ['minutes', 'seed', 'rate', 'only', 'store', 'layout', 'servers', 'workers'])
    expect(text).toContain(`[--${name} `);
  for (const name of ['--culprits', '--attacks', '--lanes', 'worker-killed', 'holds', 'half-sent', 'holders'])
    expect(text).toContain(name);
  for (const line of HELP) expect(line.length).toBeLessThanOrEqual(140);
});

test('what is not understood is told, with what would be', () => {
  expect(wrong('--minuts 5')).toContain("Unknown option '--minuts'");
  expect(wrong('lanes')).toContain("Unexpected argument 'lanes'");
  expect(wrong('--minutes')).toContain("'--minutes <value>' argument missing");
  expect(wrong('--minutes soon')).toBe('--minutes is a number from 0.1 to 1440, not soon');
  expect(wrong('--servers 1.5')).toBe('--servers is a whole number, not 1.5');
  expect(wrong('--store mysql')).toBe('--store is sqlite or postgres, not mysql');
  expect(wrong('--layout start --workers 2')).toContain('--layout apart');
  expect(wrong('--only wrker')).toMatch(/^--only is one of receiver-killed, .*, not wrker$/);
  expect(wrong('--lanes --only wrker')).toBe('--only is one of queue, newest, many, holders, not wrker');
  expect(wrong('--lanes --attacks')).toBe('--attacks and --lanes are tried one at a time');
  expect(wrong('--culprits --minutes 3')).toBe('--minutes is of no use with --culprits: that has only --only');
});
