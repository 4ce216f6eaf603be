import { expect, test } from 'vitest';
import { repository, SHA } from '../../support/harness/payloads.js';
import { toldBy } from '../told-by.js';

const payload = (change: object = {}, ref = 'main') => ({
  repository,
  deployment: { id: 9, sha: SHA, ref, environment: 'production' },
  ...change,
});
const told = { kind: 'deployment', id: '9', environment: 'production', ref: 'main', commit: { sha: SHA } };

test('a deployment that is asked for is created', () => {
  expect(toldBy('github', 'deployment', payload())).toStrictEqual({ ...told, action: 'created' });
});

test.each([
  ['queued', 'pending'],
  ['pending', 'pending'],
  ['in_progress', 'running'],
  ['success', 'success'],
  ['failure', 'failure'],
  ['waiting', 'pending'],
  ['error', 'failure'],
])('a deployment that is %s is %s', (state, action) => {
  const status = (change: object) => payload({ deployment_status: { state, ...change } });
  expect(toldBy('github', 'deployment_status', status({}))).toStrictEqual({ ...told, action });
  const url = 'https://shop.example';
  expect(toldBy('github', 'deployment_status', status({ target_url: url }))).toStrictEqual({ ...told, action, url });
});

test.each(['inactive', 'constructor', ''])('a deployment in the state "%s" is ignored', (state) => {
  expect(toldBy('github', 'deployment_status', payload({ deployment_status: { state } }))).toEqual({
    ignored: 'the deployment is in no state that an automation can listen to',
  });
});

test('a deployment of which GitHub tells another action than that it was created is ignored', () => {
  const ignored = 'no automation can listen to this action of a deployment';
  const edited = { action: 'edited' };
  const state = { deployment_status: { state: 'success' } };
  expect(toldBy('github', 'deployment', payload(edited))).toEqual({ ignored });
  expect(toldBy('github', 'deployment_status', payload({ ...edited, ...state }))).toEqual({ ignored });
  for (const action of ['created', null])
    expect(toldBy('github', 'deployment', payload({ action }))).toStrictEqual({ ...told, action: 'created' });
});

test('a deployment is of a fork where a run of a fork asks for it or its ref is of a pull request, and else is not', () => {
  const by = (workflow_run: object | null, ref?: string) =>
    toldBy('github', 'deployment', payload({ workflow_run }, ref));
  const branches = [
    'refs/heads/main',
    'pull/x/head',
    'pull/5/headless',
    'fix/pull/5/head',
    'pull/5/head/x',
    'pull/5/x',
  ];
  for (const own of [by(null), by({ head_repository: { id: repository.id } }), ...branches.map((ref) => by(null, ref))])
    expect(own).not.toHaveProperty('fork');
  for (const fork of [
    by({}),
    by({ head_repository: null }),
    by({ head_repository: { id: 99 } }),
    ...['refs/pull/9/merge', 'pull/5/head', 'pull/512/merge'].map((ref) => by(null, ref)),
  ])
    expect(fork).toHaveProperty('fork', true);
});

test('a body of something else is no deployment', () => {
  expect(() => toldBy('github', 'deployment', { repository })).toThrow('is not a deployment payload: deployment is');
  expect(() => toldBy('github', 'deployment_status', payload())).toThrow(
    'is not a deployment_status payload: deployment_status is',
  );
});
