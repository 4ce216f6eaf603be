import { expect, test } from 'vitest';
import { APPROVE_SIGNAL, buildSignal, RECONCILE_WORKFLOW, SUPERSEDE_SIGNAL } from '../../src/runs/names.js';
import { runsUrl, runUrl, storyUrl } from '../../src/runs/url.js';
import { waitsOf } from '../../src/runs/waits-for-approval.js';
import { hookyardReconcile } from '../../src/workflows/built-in/reconcile.js';

test('the workflow type by which a look is started is the name that the bundle exports it under', () => {
  expect(hookyardReconcile.name).toBe(RECONCILE_WORKFLOW);
});

test('names that open runs listen to stay as they are', () => {
  expect([RECONCILE_WORKFLOW, APPROVE_SIGNAL, SUPERSEDE_SIGNAL, buildSignal('7')]).toEqual([
    'hookyardReconcile',
    'hookyard-approve',
    'hookyard-supersede',
    'hookyard-build-7',
  ]);
});

test('a memo is read as a waiting run writes it, and as nothing otherwise', () => {
  const waits = {
    sha: 'a'.repeat(40),
    since: '2026-01-01T00:00:00Z',
    received: '2026-01-01T00:00:01Z',
    repositoryId: '7',
  };
  expect(waitsOf({ memo: { waitsForApproval: waits } })).toEqual(waits);
  expect(waitsOf({ memo: { waitsForApproval: null } })).toBeUndefined();
  expect(waitsOf({})).toBeUndefined();
});

test('the URL of a run is that of the newest one where no run is named, and empty where there is no UI', () => {
  const run = { namespace: 'default', workflowId: 'ci/github/1' };
  expect(runUrl('http://ui.example/', run)).toBe('http://ui.example/namespaces/default/workflows/ci%2Fgithub%2F1');
  expect(runUrl('http://ui.example', { ...run, runId: 'r' })).toBe(
    'http://ui.example/namespaces/default/workflows/ci%2Fgithub%2F1/r',
  );
  expect(runUrl(undefined, run)).toBe('');
});

test("people are sent to Hookyard's own page of a run where its public address is known", () => {
  const pages = { server: { publicUrl: 'https://hooks.example/base/' }, temporal: { uiUrl: 'http://ui.example/' } };
  const of = (workflowId: string) => storyUrl(pages, { namespace: 'default', workflowId, runId: 'r' });
  expect(of('ci/github/1')).toBe('https://hooks.example/base/runs/ci/github/1');
  expect(of('ci/../<1>.json')).toBe('https://hooks.example/base/runs/ci%2F..%2F%3C1%3E%2Ejson');
});

test('the story of a run, and the list of runs, have pages of their own', () => {
  const run = { namespace: 'default', workflowId: 'ci/1', runId: 'r' };
  expect(storyUrl({ server: {}, temporal: { uiUrl: 'http://ui.example/' } }, run)).toBe(
    'http://ui.example/namespaces/default/workflows/ci%2F1/r/user-metadata',
  );
  expect(storyUrl({ server: {}, temporal: {} }, run)).toBe('');
  expect(runsUrl('http://ui.example/', { namespace: 'team a', taskQueue: 'hookyard' })).toBe(
    'http://ui.example/namespaces/team%20a/workflows?query=TaskQueue%3D%22hookyard%22',
  );
});
