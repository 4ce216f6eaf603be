import { BEFORE, SHA } from '../../support/harness/payloads.js';

/** The ref under which GitHub's merge queue keeps a group, by the group's newest pull request and the commit it begins at. */
export const QUEUE_REF = `refs/heads/gh-readonly-queue/main/pr-12-${BEFORE}`;

/** What GitHub sends of a merge group, without repository and sender. */
export function mergeGroupPayload(change: object = {}, group: object = {}) {
  return {
    action: 'checks_requested',
    merge_group: {
      head_sha: SHA,
      head_ref: QUEUE_REF,
      base_sha: BEFORE,
      base_ref: 'refs/heads/main',
      head_commit: {
        id: SHA,
        tree_id: BEFORE,
        message: 'Merge pull request #12 from acme/more',
        timestamp: '2026-11-24T08:00:00Z',
        author: { name: 'Ada', email: 'ada@example.com' },
        committer: { name: 'GitHub', email: 'noreply@github.com' },
      },
      ...group,
    },
    ...change,
  };
}
