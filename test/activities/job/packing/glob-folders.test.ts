import { expect, test } from 'vitest';
import { fromTop } from '../../../../src/activities/job/packing/glob-folders.js';

test('a glob is one from the top of the checkout, whatever it is, and never empty', () => {
  expect(['./a/*.xml', '!./a', '././a', './**', 'a/./b'].map(fromTop)).toEqual(['a/*.xml', '!a', 'a', '**', 'a/./b']);
  for (const glob of ['./', '!./', '././']) expect(fromTop(glob)).toMatch(/^!?\.\//);
});
