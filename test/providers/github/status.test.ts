import { describe, expect, test } from 'vitest';
import type { StatusEvent } from '../../../src/events/event.js';
import { schemeOf } from '../../../src/providers/known-sources.js';
import { eventsOf } from '../../../src/providers/webhook-scheme.js';
import { review, status } from '../../../src/triggers/index.js';
import { match } from '../../../src/triggers/match.js';
import { preconditionsOf } from '../../../src/triggers/preconditions.js';
import { repository, SHA } from '../../support/harness/payloads.js';
import { context } from '../properties-seeds.js';
import { sourceOf } from '../senders.js';
import { toldBy } from '../told-by.js';

const github = schemeOf(sourceOf('github'));
const told = (event: string, payload: object) => {
  const answer = github.normalise({ repository, ...payload }, event, context);
  return 'ignored' in answer ? answer : (eventsOf(answer)[0] as StatusEvent);
};
const starts = (event: string, payload: object, trigger = status({ branches: ['main'] })) => {
  const answer = told(event, payload);
  return 'ignored' in answer ? false : match({ on: [trigger] }, answer).runs;
};

const failed = { name: 'unit', head_sha: SHA, head_branch: 'main', status: 'completed', conclusion: 'failure' };
const workflowRun = (change: object = {}, action = 'completed') => ({
  action,
  workflow_run: { ...failed, head_repository: { id: repository.id }, ...change },
});
const checkRun = (change: object = {}, action = 'completed') => ({
  action,
  check_run: { ...failed, check_suite: { head_branch: 'main' }, pull_requests: [], ...change },
});

describe('a run that is asked for again', () => {
  test('a run that is asked for again is pending, whatever the run before concluded', () => {
    for (const answer of [
      told('check_run', checkRun({}, 'rerequested')),
      told('workflow_run', workflowRun({}, 'requested')),
      told('workflow_run', workflowRun({}, 'in_progress')),
    ])
      expect(answer).toMatchObject({ kind: 'status', state: 'pending' });
  });

  test.each(['success', 'failure', 'cancelled', 'timed_out', 'neutral'])(
    'a run that is asked for again starts nothing: %s',
    (conclusion) => {
      expect(starts('check_run', checkRun({ conclusion }, 'rerequested'))).toBe(false);
      expect(starts('workflow_run', workflowRun({ conclusion }, 'requested'))).toBe(false);
    },
  );

  test('a run that is asked for again starts what listens to its end once it has ended', () => {
    expect(starts('check_run', checkRun())).toBe(true);
    expect(starts('check_run', { check_run: checkRun().check_run })).toBe(true);
    expect(starts('workflow_run', workflowRun())).toBe(true);
  });

  test('a check that was created with its conclusion starts once what listens to its end, since GitHub tells of both', () => {
    const actions = ['created', 'completed'];
    expect(actions.map((action) => starts('check_run', checkRun({}, action)))).toEqual([false, true]);
  });

  test.each(['renamed', ''])(
    'a run of which GitHub tells the action %j starts nothing that it started before',
    (action) => {
      expect(starts('check_run', checkRun({}, action))).toBe(false);
      expect(starts('workflow_run', workflowRun({}, action))).toBe(false);
    },
  );
});

test('a button of a check says nothing of its state', () => {
  expect(told('check_run', checkRun({}, 'requested_action'))).toEqual({ ignored: 'a button of the check was pressed' });
});

test('a review that was dismissed is dismissed, though it may still be called approved', () => {
  const payload = {
    action: 'dismissed',
    review: { state: 'approved', user: { login: 'eve' } },
    pull_request: { number: 7, title: 'x', html_url: 'https://github.com/acme/shop/pull/7' },
  };
  expect(told('pull_request_review', payload)).toMatchObject({ kind: 'review', action: 'dismissed' });
  expect(match({ on: [review({ actions: ['approved'] })] }, told('pull_request_review', payload) as never).runs).toBe(
    false,
  );
});

describe('a commit status', () => {
  const on = (...names: readonly unknown[]) => ({
    sha: SHA,
    state: 'success',
    context: 'build',
    branches: names.map((name) => ({ name })),
  });

  test('a commit status counts for each branch that has its commit', () => {
    expect(told('status', on('dev', 'main', 'more'))).toMatchObject({
      branch: 'dev',
      branches: ['dev', 'main', 'more'],
    });
    expect(starts('status', on('dev', 'main'))).toBe(true);
    expect(starts('status', on('main', 'dev'))).toBe(true);
    expect(starts('status', on('dev', 'more'))).toBe(false);
    expect(starts('status', on('dev', 'more'), status({ branches: ['!main'] }))).toBe(true);
    expect(starts('status', on('main', 'dev'), status({ branches: ['!main'] }))).toBe(true);
    expect(starts('status', on('main'), status({ branches: ['!main'] }))).toBe(false);
  });

  test('a commit status leaves out branches that can be none, and has the first that can', () => {
    expect(told('status', on('../..', 'main'))).toMatchObject({ branch: 'main' });
    expect(told('status', on('../..', 'main'))).not.toHaveProperty('branches');
    expect(starts('status', on(null, 'dev', 'a\nb', 'main'))).toBe(true);
  });

  test('a commit status says why none of several branches counts', () => {
    const answer = told('status', on('dev', 'more')) as StatusEvent;
    expect(match({ on: [status({ branches: ['main'] })] }, answer).because).toBe(
      'none of its 2 branches is in branches ["main"]',
    );
  });
});

describe('a check of GitHub Actions, whose suite names the branch of a fork too', () => {
  const ours = (head: object) => ({ number: 7, head: { ref: 'main', repo: { id: repository.id }, ...head } });
  const actions = (pull_requests: readonly object[] = [], suite: object = { id: 4_711_000_000_000 }) =>
    checkRun({ app: { slug: 'github-actions' }, check_suite: { head_branch: 'main', ...suite }, pull_requests });

  test.each([
    ['no pull request', actions()],
    ['a pull request of ours with another commit', actions([ours({ sha: 'b'.repeat(40) })])],
    ['a pull request of ours whose commit is not told', actions([ours({})])],
  ])('is asked for where the payload names %s', (_, payload) => {
    const event = told('check_run', payload) as StatusEvent;
    expect(event).toMatchObject({ checkSuite: '4711000000000' });
    expect(event).not.toHaveProperty('fork');
    expect(preconditionsOf({ on: [status({ branches: ['main'] })] }, event)).toEqual({ origin: true });
    expect(preconditionsOf({ on: [status({ forks: true })] }, event)).toEqual({});
    expect(preconditionsOf({ on: [status({ forks: true }), status()] }, event)).toEqual({ origin: true });
    expect(match({ on: [status()] }, event).because).toContain('asked whether its commit is of a fork');
  });

  test("is ours where a pull request of ours has its commit, and a stranger's without an id to ask by", () => {
    expect(told('check_run', actions([ours({ sha: SHA })]))).not.toHaveProperty('checkSuite');
    expect(told('check_run', actions([ours({ sha: SHA })]))).not.toHaveProperty('fork');
    expect(told('check_run', actions([], {}))).toMatchObject({ fork: true });
  });

  test('of another app names no branch of a fork, and is not asked for', () => {
    const other = checkRun({ app: { slug: 'circleci-checks' }, check_suite: { id: 1, head_branch: 'main' } });
    expect(told('check_run', other)).not.toHaveProperty('checkSuite');
    expect(starts('check_run', other)).toBe(true);
  });
});

describe('what a status tells', () => {
  const by = (event: string, payload: object) => toldBy('github', event, { repository, ...payload });
  const url = 'https://ci.example/1';
  const unit = { kind: 'status', state: 'failure', name: 'unit', commit: { sha: SHA }, branch: 'main' };

  test('what a commit status tells is its state, its name, its branch, and its page where it has one', () => {
    const set = (change: object) =>
      by('status', { sha: SHA, context: 'unit', branches: [{ name: 'main' }], ...change });
    expect(set({ state: 'error' })).toStrictEqual(unit);
    for (const state of ['failure', 'pending', 'success']) expect(set({ state })).toStrictEqual({ ...unit, state });
    expect(set({ state: 'failure', target_url: url })).toStrictEqual({ ...unit, url });
  });

  test('what a commit status tells are 100 branches at most, and a fork where it is of none', () => {
    const on = (branches: unknown) => by('status', { sha: SHA, context: 'unit', state: 'failure', branches });
    const many = Array.from({ length: 150 }, (_, n) => ({ name: `b${n}` }));
    expect(on(many)).toMatchObject({ branch: 'b0', branches: many.slice(0, 100).map(({ name }) => name) });
    const { branch, ...without } = unit;
    for (const none of [[], null, undefined]) expect(on(none)).toStrictEqual({ ...without, fork: true });
  });

  test('what a run tells is its state, its name, its branch, and its page where it has one', () => {
    const runs = [
      (change: object) => by('workflow_run', workflowRun(change)),
      (change: object) => by('check_run', checkRun(change)),
    ];
    for (const run of runs) {
      expect(run({})).toStrictEqual(unit);
      expect(run({ html_url: url })).toStrictEqual({ ...unit, url });
      expect(run({ name: null })).toStrictEqual({ ...unit, name: 'unnamed' });
      for (const change of [{ conclusion: null }, { conclusion: 'constructor' }, { status: 'in_progress' }])
        expect(run(change)).toStrictEqual({ ...unit, state: 'pending' });
    }
  });

  test.each([
    ['timed_out', 'failure'],
    ['startup_failure', 'failure'],
    ['neutral', 'success'],
    ['skipped', 'skipped'],
    ['stale', 'cancelled'],
    ['action_required', 'pending'],
  ])('what a run tells that concluded with %s is %s', (conclusion, state) => {
    expect(by('workflow_run', workflowRun({ conclusion }))).toStrictEqual({ ...unit, state });
  });

  test('what a check run tells is a fork where a pull request of it comes from elsewhere, or from nowhere', () => {
    const of = (pull_requests: unknown) => by('check_run', checkRun({ pull_requests }));
    for (const none of [[], null, undefined]) expect(of(none)).toStrictEqual(unit);
    for (const head of [null, {}, { repo: null }, { repo: { id: 99 } }])
      expect(of([{ head }])).toStrictEqual({ ...unit, fork: true });
  });

  test.each([
    ['status', 'sha'],
    ['check_run', 'check_run'],
    ['workflow_run', 'workflow_run'],
  ])('what tells nothing of what a %s tells is none', (event, field) => {
    expect(() => by(event, {})).toThrow(`is not a ${event} payload: ${field} is`);
  });
});

test('a commit status in a state that GitHub has added since is ignored, with the reason', () => {
  for (const state of ['waiting', 'constructor', ''])
    expect(told('status', { sha: SHA, state, context: 'ci' })).toEqual({
      ignored: 'no automation can listen to this state of a status',
    });
});
