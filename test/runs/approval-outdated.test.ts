import { expect, test } from 'vitest';
import { isSameRepository, whyOutdated } from '../../src/runs/approval-outdated.js';
import { pullRequestEvent, pushEvent } from '../triggers/sample-events.js';

const [own, other] = ['a'.repeat(40), 'b'.repeat(40)];
const push = (change: object) => ({ ...pushEvent(), commit: { sha: other }, branch: 'main', ...change }) as never;
const pull = (change: object, pullRequest: object = {}) => {
  const event = pullRequestEvent();
  return {
    ...event,
    commit: { sha: other },
    ...change,
    pullRequest: { ...event.pullRequest, ...pullRequest },
  } as never;
};
const { source, repository } = pushEvent();
const branch = { source, repositoryId: repository.id, branch: 'main', sha: own };
const { number } = pullRequestEvent().pullRequest;
const request = { source, repositoryId: pullRequestEvent().repository.id, number, sha: own };

test('a push to the branch makes an approval void, and so does its end', () => {
  expect(whyOutdated(branch, push({}))).toBe(`${other.slice(0, 12)} was pushed`);
  expect(whyOutdated(branch, push({ kind: 'branch_deleted' }))).toBe('the branch was deleted');
});

test.each([
  ['of the same commit', push({ commit: { sha: own } })],
  ['to another branch', push({ branch: 'other' })],
  ['in another repository', push({ repository: { ...repository, id: '77' } })],
  ['of another source', push({ source: 'elsewhere' })],
  ['of a pull request', pull({})],
])('a push %s does not', (_, event) => {
  expect(whyOutdated(branch, event)).toBeUndefined();
});

test('a push that is told late, after what was pushed upon it, does not', () => {
  expect(whyOutdated({ ...branch, before: other }, push({}))).toBeUndefined();
});

test('a push back to what was there before makes an approval void', () => {
  const about = { ...branch, before: other };
  expect(whyOutdated(about, push({ before: own, forced: true }))).toBe(`${other.slice(0, 12)} was pushed`);
  expect(whyOutdated(about, push({ before: 'c'.repeat(40) }))).toBeUndefined();
});

test('where the id of a repository is not known, its name tells it from others', () => {
  const { repositoryId: _, ...lookedUp } = branch;
  const { fullName } = repository;
  expect(whyOutdated({ ...lookedUp, repository: fullName.toUpperCase() }, push({}))).toContain('was pushed');
  expect(whyOutdated({ ...lookedUp, repository: 'acme/other' }, push({}))).toBeUndefined();
  expect(isSameRepository({ repository: 'acme/api' }, { repository: 'acme/web' })).toBe(false);
  expect(isSameRepository({ repository: 'acme/web', repositoryId: '1' }, { repository: 'Acme/Web' })).toBe(true);
  expect(isSameRepository({ repository: 'a/b', repositoryId: '1' }, { repository: 'a/c', repositoryId: '1' })).toBe(
    true,
  );
});

test('new code of a pull request makes an approval void, and so does its end; other changes do not', () => {
  expect(whyOutdated(request, pull({ action: 'synchronize' }))).toBe(`${other.slice(0, 12)} was pushed`);
  expect(whyOutdated(request, pull({ action: 'closed', commit: { sha: own } }))).toBe('the pull request was closed');
  expect(whyOutdated({ ...request, closing: true }, pull({ action: 'closed', commit: { sha: own } }))).toBeUndefined();
  expect(whyOutdated(request, pull({ action: 'labeled', commit: { sha: own } }))).toBeUndefined();
  // Bitbucket Cloud tells 12 digits.
  expect(whyOutdated(request, pull({ action: 'synchronize', commit: { sha: own.slice(0, 12) } }))).toBeUndefined();
  expect(whyOutdated(request, pull({ action: 'synchronize' }, { number: number + 1 }))).toBeUndefined();
  expect(whyOutdated(request, push({ branch: 'more' }))).toBeUndefined();
});

test('another base makes an approval void, as new code does, but not that of the event that the run is of', () => {
  const at = (updatedAt: string) => pull({ action: 'edited', commit: { sha: own }, baseChanged: true }, { updatedAt });
  const about = { ...request, changedAt: '2026-11-26T12:00:00Z' };
  expect(whyOutdated(about, at('2026-11-26T12:00:01Z'))).toBe('its base was changed');
  expect(whyOutdated(request, at('2026-11-26T12:00:01Z'))).toBe('its base was changed');
  expect(whyOutdated(about, at('2026-11-26T12:00:00.000Z'))).toBeUndefined();
  expect(whyOutdated(about, at('2026-11-26T11:59:59Z'))).toBeUndefined();
  const untold = pull({ action: 'edited', commit: { sha: own }, baseChanged: true }, { updatedAt: undefined });
  expect(whyOutdated(about, untold)).toBe('its base was changed');
  expect(whyOutdated({ ...about, changedAt: undefined }, untold)).toBeUndefined();
});

test('an older state of a pull request that is told late does not', () => {
  const at = (updatedAt: string) => pull({ action: 'synchronize' }, { updatedAt });
  const about = { ...request, changedAt: '2026-11-26T12:00:00Z' };
  expect(whyOutdated(about, at('2026-11-26T11:59:59Z'))).toBeUndefined();
  expect(whyOutdated(about, at('2026-11-26T12:00:01Z'))).toContain('was pushed');
});
