import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withRoom } from '../../../../src/activities/job/snapshots/smallest-that-fit.js';

const sized = (sizes: readonly number[]) => sizes.map((bytes, i) => ({ path: `${i}`, bytes, allocated: bytes }));

test('the smallest files have room, and of those that are equally large as many as there is room for', () => {
  const { paths, ...kept } = withRoom(sized([5, 3, 0, 5, 1, 5]), { files: 9, bytes: 13 });
  expect(paths).toEqual(['0', '1', '2', '4']);
  expect(kept).toEqual({ files: 4, bytes: 9, leftOut: { files: 2, bytes: 10 } });
  expect(withRoom(sized([0, 0, 0]), { files: 2, bytes: 0 })).toMatchObject({
    files: 2,
    leftOut: { files: 1, bytes: 0 },
  });
  expect(withRoom([], { files: 2, bytes: 0 })).toMatchObject({ paths: [], files: 0 });
});

test("no file is left out for git's objects, and git's others have room among all", () => {
  const kept = withRoom(
    [
      { path: 'src/x/.git/objects/pack/pack-1.pack', bytes: 3, allocated: 3 },
      { path: 'src/x/.git/modules/y/objects/ab/1', bytes: 1, allocated: 1 },
      { path: 'src/x/.git/HEAD', bytes: 1, allocated: 1 },
      { path: 'src/objects/large', bytes: 4, allocated: 4 },
    ],
    { files: 9, bytes: 6 },
  );
  expect(kept.paths.toSorted()).toEqual(['src/objects/large', 'src/x/.git/HEAD', 'src/x/.git/modules/y/objects/ab/1']);
  expect(kept).toMatchObject({ files: 3, bytes: 6, leftOut: { files: 1, bytes: 3 } });
});

test('whatever the sizes are, those have room that would have it in order of their size', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, fc.nat(30), fc.nat(60), (all, files, bytes) => {
      const fitting: number[] = [];
      for (const size of all.toSorted((a, b) => a - b)) {
        if (fitting.length === files || fitting.reduce((sum, one) => sum + one, size) > bytes) break;
        fitting.push(size);
      }
      const kept = withRoom(sized(all), { files, bytes });
      expect(kept.paths.map((path) => all[Number(path)]).toSorted()).toEqual(fitting);
      expect(kept.files).toBe(fitting.length);
      expect(kept.bytes + kept.leftOut.bytes).toBe(all.reduce((sum, one) => sum + one, 0));
      expect(kept.files + kept.leftOut.files).toBe(all.length);
    }),
  );
});
