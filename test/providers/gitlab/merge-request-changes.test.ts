import { expect, test } from 'vitest';
import { seedsOf } from '../properties-seeds.js';
import { toldBy } from '../told-by.js';

const seed = seedsOf('gitlab').find(({ event }) => event === 'Merge Request Hook')?.body as {
  object_attributes: object;
};

/** The action of an update in which something was changed. */
const actionOf = (changes: object | null | undefined, request: object = {}) =>
  toldBy('gitlab', 'Merge Request Hook', {
    ...seed,
    changes,
    object_attributes: { ...seed.object_attributes, action: 'update', ...request },
  });

const [ada, bob] = [{ id: 1, username: 'ada' }, { username: 'bob' }];

test.each<[string, object, object, string]>([
  ['reviewers', { previous: [], current: [ada] }, { previous: [ada], current: [] }, 'review_request'],
  ['assignees', { previous: [bob], current: [ada] }, { previous: [ada, bob], current: [bob] }, 'assign'],
  ['milestone_id', { previous: null, current: 7 }, { previous: 7, current: null }, 'milestone'],
])('a merge request of which only the %s change is told by what was done', (field, added, removed, word) => {
  const words = {
    review_request: ['review_requested', 'review_request_removed'],
    assign: ['assigned', 'unassigned'],
    milestone: ['milestoned', 'demilestoned'],
  }[word] as [string, string];
  const updated_at = { previous: '2026-01-01 10:00:00 UTC', current: '2026-01-01 10:00:01 UTC' };
  expect(actionOf({ updated_at, [field]: added })).toMatchObject({ action: words[0] });
  expect(actionOf({ updated_at, [field]: removed })).toMatchObject({ action: words[1] });
  // What is changed beside the text or the target is an edit of those.
  const text = { previous: 'a', current: 'b' };
  for (const other of ['title', 'description', 'target_branch'])
    expect(actionOf({ [field]: added, [other]: text }), other).toMatchObject({ action: 'edited' });
  // New commits, labels and drafts say more.
  expect(actionOf({ [field]: added }, { oldrev: 'b'.repeat(40) })).toMatchObject({ action: 'synchronize' });
  const labels = { previous: [], current: [{ title: 'bug' }] };
  expect(actionOf({ [field]: added, labels })).toMatchObject({ action: 'labeled' });
  expect(actionOf({ [field]: added, draft: { previous: true, current: false } })).toMatchObject({
    action: 'ready_for_review',
  });
});

test('a change of a merge request that can not be read is an edit', () => {
  const others = [
    undefined,
    null,
    {},
    { reviewers: null },
    { assignees: [] },
    { milestone_id: 7 },
    { reviewers: 'ada' },
  ];
  for (const changes of others) expect(actionOf(changes), JSON.stringify(changes)).toMatchObject({ action: 'edited' });
});

test('people without names are nobody', () => {
  expect(actionOf({ reviewers: { previous: null, current: [{ username: null }] } })).toMatchObject({
    action: 'edited',
  });
});

test('a reviewer who is asked again is asked, and one whose review alone has changed is an edit', () => {
  const told = (again: object, state: string) => ({
    reviewers: { previous: [{ ...ada, state: 'reviewed' }], current: [{ ...ada, state, ...again }] },
  });
  expect(actionOf(told({ re_requested: true }, 'unreviewed'))).toMatchObject({ action: 'review_requested' });
  for (const again of [{}, { re_requested: false }, { re_requested: null }, { re_requested: 'no' }])
    expect(actionOf(told(again, 'approved')), JSON.stringify(again)).toMatchObject({ action: 'edited' });
  expect(actionOf({ assignees: { previous: [ada, bob], current: [bob, ada] } })).toMatchObject({ action: 'edited' });
});

test('the author of a merge request is known from what they did themselves, and from nothing that others did', () => {
  const by = (user: object | null, request: object) =>
    toldBy('gitlab', 'Merge Request Hook', {
      ...seed,
      user,
      object_attributes: { ...seed.object_attributes, action: 'update', ...request },
    });
  const renovate = { id: 51, username: 'renovate' };
  const pushed = { oldrev: 'b'.repeat(40) };
  for (const action of [pushed, { action: 'reopen' }, { action: 'merge' }, {}])
    expect(by(renovate, { author_id: 51, ...action })).toMatchObject({ pullRequest: { author: 'renovate' } });
  expect(by({ ...renovate, id: '51' }, { author_id: 51, ...pushed })).toMatchObject({
    pullRequest: { author: 'renovate' },
  });
  // Whoever has to know the author then asks GitLab.
  const nobody = { ...seed, user: null, object_attributes: { ...seed.object_attributes, action: 'open' } };
  expect(toldBy('gitlab', 'Merge Request Hook', nobody)).not.toHaveProperty('pullRequest.author');
  const others: [object | null, object][] = [
    [{ id: 8, username: 'mila' }, { author_id: 51 }],
    [{ username: 'mila' }, { author_id: 51 }],
    [{ username: 'mila' }, {}],
    [{ id: null, username: 'mila' }, { author_id: null }],
    [{ id: 'x', username: 'mila' }, { author_id: 'x' }],
    [null, { author_id: 51 }],
  ];
  for (const [user, request] of others)
    expect(by(user, { ...pushed, ...request }), JSON.stringify(user)).not.toHaveProperty('pullRequest.author');
});

test('approvals that GitLab takes back itself, since somebody pushed, are not those of who pushed', () => {
  const told = (action: string, request: object) =>
    toldBy('gitlab', 'Merge Request Hook', {
      ...seed,
      user: bob,
      object_attributes: { ...seed.object_attributes, action, ...request },
    });
  for (const action of ['unapproved', 'unapproval']) {
    for (const system_action of ['approvals_reset_on_push', 'code_owner_approvals_reset_on_push'])
      expect(told(action, { system: true, system_action })).toMatchObject({ action: 'dismissed', reviewer: 'ghost' });
    for (const system of [false, null, undefined, 'yes'])
      expect(told(action, { system }), `${system}`).toMatchObject({ action: 'dismissed', reviewer: 'bob' });
  }
  expect(told('approved', { system: false })).toMatchObject({ action: 'approved', reviewer: 'bob' });
});

test('a merge request is open while GitLab merges it, and in each state but those in which it is over', () => {
  const note = seedsOf('gitlab').find(({ event }) => event === 'Note Hook')?.body as object;
  const open = ['opened', 'locked', 'added_since'].map((state) => [state, true] as const);
  const over = ['closed', 'merged'].map((state) => [state, false] as const);
  for (const [state, isOpen] of [...open, ...over]) {
    expect(actionOf({}, { state, oldrev: 'b'.repeat(40) }), state).toMatchObject({
      pullRequest: { state: isOpen ? 'open' : 'closed' },
    });
    const about = { iid: 7, title: 't', state, last_commit: null };
    const object_attributes = { id: 5, note: '/retest', noteable_type: 'MergeRequest' };
    expect(toldBy('gitlab', 'Note Hook', { ...note, object_attributes, merge_request: about }), state).toMatchObject({
      open: isOpen,
    });
  }
});
