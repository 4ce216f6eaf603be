import { expect, test } from 'vitest';
import { listBy } from '../../../../src/activities/job/trees/program.js';

const never = new AbortController().signal;

test('what a program lists is read to its end, and given up where it is more than a worker has in memory', async () => {
  expect(await listBy(never, 'printf', ['a\\0b\\0'])).toEqual(['a', 'b']);
  await expect(listBy(never, 'cat', ['/dev/zero'])).rejects.toThrow(
    'there are more than 2000000 files: too many to look at',
  );
});
