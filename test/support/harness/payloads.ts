/** Payloads with the fields that GitHub documents, written for these tests. */

export const SHA = '1234567890abcdef1234567890abcdef12345678';
export const BEFORE = 'abcdef1234567890abcdef1234567890abcdef12';
export const ZERO = '0'.repeat(40);

type Change = Readonly<Record<string, unknown>>;

export const repository = {
  id: 42,
  name: 'shop',
  full_name: 'acme/shop',
  html_url: 'https://github.com/acme/shop',
  default_branch: 'main',
  private: false,
};

const sender = { login: 'ada', id: 7, type: 'User' };

const commit = {
  id: SHA,
  message: 'Sell more',
  url: `https://github.com/acme/shop/commit/${SHA}`,
  author: { name: 'Ada', email: 'ada@example.com', username: 'ada' },
  added: ['src/cart.ts'],
  removed: ['src/basket.ts'],
  modified: ['README.md'],
};

export function pushPayload(change: Change = {}) {
  return {
    ref: 'refs/heads/main',
    before: BEFORE,
    after: SHA,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: 'https://github.com/acme/shop/compare/abc...123',
    commits: [commit],
    head_commit: commit,
    repository,
    pusher: { name: 'ada', email: 'ada@example.com' },
    sender,
    ...change,
  };
}

export function pullRequestPayload(change: Change = {}, pull: Change = {}) {
  const repo = { id: 42, full_name: 'acme/shop' };
  return {
    action: 'opened',
    number: 7,
    pull_request: {
      number: 7,
      title: 'Sell even more',
      html_url: 'https://github.com/acme/shop/pull/7',
      state: 'open',
      draft: false,
      merged: false,
      user: sender,
      labels: [{ id: 1, name: 'sales' }],
      updated_at: '2026-11-24T08:00:00Z',
      base: { ref: 'main', sha: BEFORE, repo },
      head: { ref: 'more', sha: SHA, repo },
      ...pull,
    },
    repository,
    sender,
    ...change,
  };
}

let counter = 0;

/** A push whose bytes no other test sends. */
export function uniquePush(change: Change = {}): string {
  counter += 1;
  return JSON.stringify(pushPayload({ ...change, nonce: `${process.pid}-${Date.now()}-${counter}` }));
}
