import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stateLines } from '../../../src/cli/format/state-lines.js';
import { typedWord } from '../../../src/cli/format/typed-word.js';

/** What a shell makes of words. */
const readBy = (shell: string, words: string) =>
  spawnSync(shell, ['-c', `printf '%s\\n' ${words}`], { encoding: 'utf8' }).stdout;

test.each(['ci/github/6c1d-4f', 'ci/github/a%2Fb%7Ec/2/replay-1', 'long~0123456789abcdef', 'acme/app.js', 'test#2'])(
  '%s is a word as it is',
  (text) => expect(typedWord(text)).toBe(text),
);

test.each(['pay/$(reboot)', 'pay/a;b', "pay/it's", 'pay/a b', '~root', '=ls', '#no', '', 'pay/\\n', 'pay/*'])(
  '%j is quoted, and is what it was to a shell',
  (text) => {
    expect(typedWord(text)).toMatch(/^'/);
    expect(readBy('sh', typedWord(text))).toBe(`${text}\n`);
  },
);

test('no text is more than one word, and nothing of it is carried out', () => {
  const texts = fc.sample(fc.string({ unit: fc.constantFrom(...'a$()`\'"\\;&|<>*?{}[]!#~ =%/') }), 200);
  expect(readBy('bash', texts.map(typedWord).join(' '))).toBe(texts.map((text) => `${text}\n`).join(''));
});

test('a command that is shown to be typed says what a sender called its delivery, and does nothing else', () => {
  const run = 'pay/shop/$(touch hacked)';
  const approval = {
    ...{ name: 'production', state: 'open', by: 'ann', quorum: 1, given: [], askedAt: '', until: '' },
  } as const;
  const state = { status: 'running', waitsForApproval: 'abc1234', approvals: [approval] } as never;
  expect(stateLines(run, state)).toEqual([
    "waits for approval of abc1234: npx hookyard approve 'pay/shop/$(touch hacked)'",
    "waits for approval of production by ann: npx hookyard approve 'pay/shop/$(touch hacked)' production",
  ]);
});
