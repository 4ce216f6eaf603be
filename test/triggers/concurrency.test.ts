import { describe, expect, test } from 'vitest';
import { readConcurrency } from '../../src/triggers/concurrency.js';
import { completed, pullRequest, push, tag } from '../../src/triggers/index.js';

/** May be about anything. */
const on = [completed('ci')];

describe('the option concurrency', () => {
  test.each([
    [{ group: 'branch' }],
    [{ group: 'production', scope: 'everywhere', limit: 3, onBusy: 'reject', skipOutdated: true, priority: 1 }],
    [{ group: 'deploy {branch} {pullRequest.number}' }],
    [{ group: '{data.order.id} {inputs.target} {pullRequest.base.ref} {pullRequest.labels.0}' }],
  ] as const)('takes %j', (one) => {
    expect(readConcurrency(one, on)).toEqual([one]);
    expect(readConcurrency([one, { group: 'repository' }], on)).toEqual([one, { group: 'repository' }]);
  });

  test.each([
    [{}, '"concurrency.group" is missing'],
    [[], '"concurrency" is an empty list'],
    ['branch', '"concurrency" takes an object of options'],
    [{ group: 'branch', limt: 2 }, 'unknown option "concurrency.limt"; did you mean "limit"?'],
    [{ group: 'branch', limit: 0 }, '"concurrency.limit" must be a whole number from 1 to 1000, not 0'],
    [{ group: 'branch', priority: 2.5 }, '"concurrency.priority" must be a whole number from 1 to 5'],
    [{ group: 'branch', onBusy: 'cancel' }, 'must be one of queue, keep-newest, cancel-running, reject, not "cancel"'],
    [[{ group: 'branch' }, { group: 'branch', limit: 2 }], 'has the group "branch" twice'],
    [{ group: 'branch', scope: 'everywhere' }, `'everywhere' has no group "branch"`],
    [{ group: ' ' }, 'a text of 1 to 200 characters'],
    [{ group: '{branch' }, 'each { has its }'],
    [{ group: '{a b}' }, '{a b} names none'],
    [{ group: '{}' }, '{} names none'],
    [{ group: 'deploy {brnch}' }, '{brnch} names none; did you mean "branch"?'],
    [{ group: 'deploy {event.branch}' }, '{event.branch} names none; did you mean "branch"?'],
    [{ group: '{commit}' }, '{commit} names none; did you mean "commit.sha"?'],
    [{ group: '{fullName}' }, '{fullName} names none; did you mean "repository.fullName"?'],
    [{ group: '{pullRequest.head.branch}' }, '{pullRequest.head.branch} names none'],
    [{ group: '{pullRequest.labels}' }, '{pullRequest.labels} names none; did you mean "pullRequest.labels.0"?'],
    [{ group: '{constructor}' }, '{constructor} names none'],
    [{ group: 'pull_request' }, 'did you mean "pull-request"'],
  ])('refuses %j, with what is wrong', (value, words) => {
    expect(() => readConcurrency(value as never, on)).toThrow(words);
  });

  test('refuses lanes that none of the triggers ever fills, and takes those of which one is', () => {
    expect(() => readConcurrency({ group: 'branch' }, [tag()])).toThrow(
      'automation(): "concurrency.group" "branch" is never filled, since tag() has no branch and no pull request',
    );
    const lanes = [{ group: 'pull-request' }, { group: 'deploy {tag}' }];
    expect(() => readConcurrency(lanes, [push()])).toThrow(
      'automation(): "concurrency.group" "pull-request" is never filled, since push() has no pull request; ' +
        '"concurrency.group" "deploy {tag}" is never filled, since push() has no {tag}',
    );
    for (const one of [tag(), pullRequest()]) expect(readConcurrency(lanes, [push(), one])).toEqual(lanes);
  });
});
