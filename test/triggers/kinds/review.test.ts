import { expect, test } from 'vitest';
import { review } from '../../../src/triggers/index.js';
import { permissionToReview } from '../../../src/triggers/kinds/review.js';

test.each(['none', 'read', 'write', 'admin'] as const)(
  'a reviewer may be asked for the permission %s',
  (permission) => {
    expect(review({ permission, actions: ['approved'] })).toEqual({
      kind: 'review',
      permission,
      actions: ['approved'],
    });
  },
);

test.each(['maintain', '', null, true])(
  'a reviewer is not asked for the permission %j, which there is not',
  (permission) => {
    expect(() => review({ permission: permission as never })).toThrow(
      `review(): "permission" must be none, read, write or admin, not ${JSON.stringify(permission)}`,
    );
  },
);

test('a reviewer needs no permission where the review judges nothing, or where a trigger says so', () => {
  for (const action of ['commented', 'dismissed'] as const) expect(permissionToReview({}, action)).toBeUndefined();
  expect(permissionToReview({ permission: 'none' }, 'approved')).toBeUndefined();
  expect(permissionToReview({}, 'approved')).toBe('write');
});
