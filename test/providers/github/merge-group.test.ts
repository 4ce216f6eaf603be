import { expect, test } from 'vitest';
import { BEFORE, repository, SHA } from '../../support/harness/payloads.js';
import { toldBy } from '../told-by.js';
import { mergeGroupPayload, QUEUE_REF } from './merge-group.js';

const told = (change: object = {}, group: object = {}) =>
  toldBy('github', 'merge_group', { repository, ...mergeGroupPayload(change, group) });
const group = {
  kind: 'merge_group',
  ref: QUEUE_REF,
  branch: QUEUE_REF.slice('refs/heads/'.length),
  base: { ref: 'main', sha: BEFORE },
  commit: {
    sha: SHA,
    message: 'Merge pull request #12 from acme/more',
    author: 'Ada',
    url: `${repository.html_url}/commit/${SHA}`,
  },
};

test('a merge group whose checks are asked for has the commit to be checked, its ref, and where it is merged', () => {
  expect(told()).toStrictEqual({ ...group, action: 'checks_requested' });
});

test.each(['merged', 'invalidated', 'dequeued'])('a merge group that was %s is destroyed, and says so', (reason) => {
  expect(told({ action: 'destroyed', reason })).toStrictEqual({ ...group, action: 'destroyed', reason });
});

test.each([undefined, null, 'abandoned', 7])(
  'a merge group that is destroyed may give no reason that is known: %j',
  (reason) => {
    expect(told({ action: 'destroyed', reason })).toStrictEqual({ ...group, action: 'destroyed' });
  },
);

test('what nothing needs may be missing, and refs may be short', () => {
  const short = { head_ref: group.branch, base_ref: 'main', base_sha: undefined, head_commit: null };
  const { message, author, ...commit } = group.commit;
  expect(told({}, short)).toStrictEqual({ ...group, action: 'checks_requested', base: { ref: 'main' }, commit });
});

test('an action that GitHub may add is ignored by name', () => {
  expect(told({ action: 'paused' })).toEqual({
    ignored: 'no automation can listen to the merge-group action paused',
  });
});

test.each(['head_sha', 'head_ref', 'base_ref'])('a body without %s is no merge group', (field) => {
  expect(() => told({}, { [field]: undefined })).toThrow('is not a merge_group payload');
});
