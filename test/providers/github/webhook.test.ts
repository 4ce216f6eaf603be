import { createHmac } from 'node:crypto';
import { github } from '../../../src/providers/github/webhook/index.js';
import { pullRequestPayload, pushPayload, repository, SHA, ZERO } from '../../support/harness/payloads.js';
import { describeKind, type Fixture } from '../conformance.js';
import { mergeGroupPayload } from './merge-group.js';

const sender = { login: 'ada', id: 7, type: 'User' };
const user = sender;

const as = (name: string, event: string, body: object, expect: object): Fixture => ({
  name,
  headers: { 'x-github-event': event },
  body: { repository, sender, ...body },
  expect: 'ignored' in expect ? (expect as { ignored: string }) : { event: expect },
});

describeKind('github', {
  make: (secrets) => github({ secrets: [...secrets] }),
  sign: (body, { secret, id }) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-github-delivery': id,
  }),
  credential: 'x-hub-signature-256',
  signsBody: true,
  fixtures: [
    as('a push', 'push', pushPayload(), { kind: 'push', branch: 'main', commit: { sha: SHA } }),
    as('a tag', 'push', pushPayload({ ref: 'refs/tags/v1', before: ZERO, created: true }), { kind: 'tag', tag: 'v1' }),
    as('a deleted branch', 'push', pushPayload({ after: ZERO, deleted: true, head_commit: null, commits: [] }), {
      kind: 'branch_deleted',
      branch: 'main',
    }),
    as(
      'a deleted tag',
      'push',
      pushPayload({ ref: 'refs/tags/v1', after: ZERO, deleted: true, head_commit: null, commits: [] }),
      { kind: 'tag_deleted', tag: 'v1' },
    ),
    as('a pull request', 'pull_request', pullRequestPayload(), { kind: 'pull_request', action: 'opened' }),
    as('a merge group', 'merge_group', mergeGroupPayload(), {
      kind: 'merge_group',
      action: 'checks_requested',
      base: { ref: 'main' },
      commit: { sha: SHA },
    }),
    as(
      'a comment',
      'issue_comment',
      {
        action: 'created',
        issue: { number: 7, title: 'T', state: 'open', pull_request: { url: 'u' }, user },
        comment: { id: 1, body: '/retest', user, html_url: 'u', created_at: '2026-11-24T08:00:00Z' },
      },
      { kind: 'comment', on: 'pull_request', number: 7, comment: { id: '1', body: '/retest', author: 'ada' } },
    ),
    as(
      'a review',
      'pull_request_review',
      {
        action: 'submitted',
        review: { id: 1, state: 'approved', body: 'Fine', user, commit_id: SHA, html_url: 'u' },
        pull_request: pullRequestPayload().pull_request,
      },
      { kind: 'review', action: 'approved', reviewer: 'ada' },
    ),
    as(
      'a release',
      'release',
      { action: 'published', release: { tag_name: 'v1', name: 'One', html_url: 'u', draft: false, prerelease: false } },
      { kind: 'release', action: 'published', tag: 'v1' },
    ),
    as(
      'a deployment',
      'deployment',
      { action: 'created', deployment: { id: 5, sha: SHA, ref: 'main', environment: 'production', url: 'u' } },
      { kind: 'deployment', action: 'created', environment: 'production' },
    ),
    as(
      'a status',
      'status',
      { id: 1, sha: SHA, state: 'success', context: 'build', branches: [{ name: 'main' }], commit: { sha: SHA } },
      { kind: 'status', state: 'success', name: 'build' },
    ),
    as('a ping', 'ping', { zen: 'z', hook_id: 1 }, { ignored: 'ping' }),
  ],
});
