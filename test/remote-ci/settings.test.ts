import { expect, test } from 'vitest';
import { buildSchema } from '../../src/remote-ci/settings.js';
import { FAKE_CIS, settingsOf } from '../support/fake-ci/index.js';

const kinds = Object.entries(FAKE_CIS).filter(([name]) => name !== 'http');

test.each(kinds)('two of what %s tells its builds can not go by one name', (_, kind) => {
  const { build } = settingsOf(kind, 'https://ci.example');
  expect(buildSchema.safeParse({ ...build, ref: 'REF', commit: 'COMMIT', callback: 'CALL' }).success).toBe(true);
  for (const names of [
    { ref: 'SAME', commit: 'SAME' },
    { callback: 'SAME', commit: 'SAME' },
    { callback: kind.correlation },
    { ref: 'SAME', callback: 'SAME' },
  ]) {
    const issues = buildSchema.safeParse({ ...build, ...names }).error?.issues ?? [];
    expect(issues.map(({ message }) => message)).toEqual([expect.stringContaining('four parameters')]);
  }
});

test.each(['gitlab', 'woodpecker'])('nor can one at %s take the name that another has by itself', (name) => {
  const kind = FAKE_CIS[name];
  const { build } = kind ? settingsOf(kind, 'https://ci.example') : { build: {} };
  expect(buildSchema.safeParse({ ...build, callback: 'HOOKYARD_COMMIT' }).success).toBe(false);
});
