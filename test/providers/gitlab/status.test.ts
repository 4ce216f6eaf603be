import { describe, expect, test } from 'vitest';
import { toldBy } from '../told-by.js';

const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const project = { id: 2, path_with_namespace: 'acme/shop', web_url: 'https://gitlab.example/acme/shop' };
const url = 'https://gitlab.example/acme/shop/-/pipelines/1';

describe('a pipeline', () => {
  const pipeline = (change: object = {}, rest: object = {}) =>
    toldBy('gitlab', 'Pipeline Hook', {
      project,
      object_attributes: { ref: 'main', sha: SHA, status: 'failed', source: 'push', ...change },
      ...rest,
    });
  const failed = { kind: 'status', state: 'failure', name: 'pipeline', commit: { sha: SHA }, branch: 'main' };

  test('a pipeline of a branch tells its state, its name and its page, as far as the payload has them', () => {
    expect(pipeline()).toStrictEqual(failed);
    expect(pipeline({ url, name: 'Nightly' })).toStrictEqual({ ...failed, url, name: 'Nightly' });
  });

  test.each([
    ['success', 'success'],
    ['failed', 'failure'],
    ['canceled', 'cancelled'],
    ['skipped', 'skipped'],
    ['created', 'pending'],
    ['running', 'pending'],
    ['constructor', 'pending'],
  ])('a pipeline that is %s is %s', (status, state) => {
    expect(pipeline({ status })).toStrictEqual({ ...failed, state });
  });

  test('a pipeline of a tag, or of a ref that git would refuse, is of no branch', () => {
    const { branch, ...without } = failed;
    expect(pipeline({ tag: true, ref: 'v1' })).toStrictEqual(without);
    expect(pipeline({ ref: 'a b' })).toStrictEqual(without);
  });

  test('a pipeline of a merge request is of a fork unless its source is a branch of the project', () => {
    const of = (request: object) =>
      pipeline({}, { merge_request: { source_project_id: 2, target_project_id: 2, ...request } });
    expect(of({ source_branch: 'more' })).toStrictEqual(failed);
    expect(of({})).toStrictEqual(failed);
    for (const request of [{ source_branch: 'refs/merge-requests/9/head' }, { source_project_id: 99 }])
      expect(of(request)).toStrictEqual({ ...failed, fork: true });
  });

  test.each(['merge_request_event', 'external_pull_request_event'])(
    'a pipeline by a %s that is not told is of a fork',
    (source) => {
      expect(pipeline({ source })).toStrictEqual({ ...failed, fork: true });
    },
  );

  test('a body of something else is no pipeline', () => {
    expect(() => toldBy('gitlab', 'Pipeline Hook', { project })).toThrow(
      'is not a pipeline payload: object_attributes',
    );
  });
});

describe('a deployment', () => {
  const deployment = (change: object = {}) =>
    toldBy('gitlab', 'Deployment Hook', {
      project,
      status: 'success',
      deployment_id: 15,
      environment: 'staging',
      ...change,
    });
  const succeeded = { kind: 'deployment', action: 'success', id: '15', environment: 'staging' };

  test('a deployment tells its ref and its page, as far as the payload has them', () => {
    expect(deployment()).toStrictEqual(succeeded);
    expect(deployment({ ref: 'main', deployable_url: url })).toStrictEqual({ ...succeeded, ref: 'main', url });
    const ref = 'refs/merge-requests/9/head';
    expect(deployment({ ref })).toStrictEqual({ ...succeeded, ref, fork: true });
  });

  test('a deployment is of the commit whose page it names, and not of what its branch has become', () => {
    for (const sha of [SHA, SHA.padEnd(64, '0')]) {
      const page = `${project.web_url}/-/commit/${sha}`;
      const commit = { sha, url: page };
      expect(deployment({ ref: 'main', commit_url: page })).toStrictEqual({ ...succeeded, ref: 'main', commit });
    }
    const short = `${project.web_url}/-/commit/${SHA.slice(0, 8)}`;
    for (const commit_url of [null, 7, '', project.web_url, short, `${project.web_url}/-/commit/${SHA}/x`])
      expect(deployment({ commit_url })).toStrictEqual(succeeded);
  });

  test.each([
    ['created', 'created'],
    ['running', 'running'],
    ['failed', 'failure'],
    ['canceled', 'failure'],
  ])('a deployment that is %s is %s', (status, action) => {
    expect(deployment({ status })).toStrictEqual({ ...succeeded, action });
  });

  test.each(['blocked', 'constructor'])('a deployment that is %s is ignored', (status) => {
    expect(deployment({ status })).toEqual({
      ignored: 'the deployment is in no state that an automation can listen to',
    });
  });

  test('a body of something else is no deployment', () => {
    expect(() => toldBy('gitlab', 'Deployment Hook', { project })).toThrow('is not a deployment payload: status');
  });
});
