import { expect, test } from 'vitest';
import { logSettledRunner } from '../../../src/cli/worker-process/log-settled-runner.js';
import type { SettledRunner } from '../../../src/config/config.js';

test('where own code runs by auto is logged, and what keeps it out of a sandbox as a warning', () => {
  const logged: unknown[] = [];
  const at =
    (level: string) =>
    (...said: unknown[]) =>
      void logged.push([level, ...said]);
  const log = { info: at('info'), warn: at('warn') } as never;
  const lack = { because: 'the program slirp4netns is not installed', advice: 'Install slirp4netns' };
  const all: (SettledRunner | undefined)[] = [
    undefined,
    { runner: 'sandbox' },
    { runner: 'host', ...lack },
    { runner: 'sandbox', because: 'no answer' },
  ];
  for (const settled of all) logSettledRunner(settled, log);
  expect(logged).toEqual([
    ['info', expect.stringContaining('in a sandbox')],
    ['warn', lack, expect.stringContaining("as the worker's user")],
    ['warn', { because: 'no answer' }, expect.stringContaining('none could be made just now')],
  ]);
});
