const user = { login: 'octocat', id: 1, type: 'User' };
const base = {
  id: 186_853_002,
  full_name: 'acme/app',
  html_url: 'https://github.com/acme/app',
  private: false,
  default_branch: 'main',
};

/** What GitHub sends about a pull request; its API answers with what is under `pull_request`. */
export function pullRequestPayload(from: 'same repository' | 'fork' | 'deleted fork') {
  const heads = { 'same repository': base, fork: { ...base, id: 2, full_name: 'octocat/app' }, 'deleted fork': null };
  return {
    action: 'opened',
    number: 7,
    pull_request: {
      id: 279_147_437,
      number: 7,
      title: 'Update the README',
      html_url: 'https://github.com/acme/app/pull/7',
      state: 'closed',
      draft: true,
      merged: false,
      merged_at: null,
      updated_at: '2026-05-15T15:20:33Z',
      user: from === 'deleted fork' ? null : user,
      labels: [{ id: 1, name: 'bug' }],
      base: { ref: 'main', sha: 'a'.repeat(40), repo: base },
      head: { ref: 'feature/x', sha: 'b'.repeat(40), repo: heads[from] },
    },
    repository: base,
    sender: user,
  };
}

/** What GitHub sends when a pull request was put into a stack, of which it is the second. */
export function stackedPayload() {
  const { pull_request, ...payload } = pullRequestPayload('same repository');
  const stack = { id: 31, number: 4, size: 3, position: 2, base: { ref: 'main', sha: 'c'.repeat(40) } };
  return {
    ...payload,
    action: 'stacked',
    pull_request: { ...pull_request, base: { ...pull_request.base, ref: 'below' }, stack },
  };
}
