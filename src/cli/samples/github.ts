import { randomBytes } from 'node:crypto';
import { repositoryId } from './repository-id.js';

/** Payloads as GitHub sends them, with the fields that its documentation promises, for trying things out. */

/** What differs between made-up pushes. */
export interface SamplePush {
  readonly repository: string;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly message: string;
  /** Those that were changed. */
  readonly files: readonly string[];
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
  readonly author?: { readonly name: string; readonly email: string };
  /** When it was committed, ISO 8601; default: now. */
  readonly timestamp?: string;
  /** Web address of the server; default: GitHub's. */
  readonly web?: string;
}

/** Names of the events that {@link sample} can make up. */
export const SAMPLES = ['push', 'tag', 'pull_request', 'merge_group', 'ping'] as const;
/** One of {@link SAMPLES}. */
export type SampleName = (typeof SAMPLES)[number];

/** Returns a made-up delivery: GitHub's event name and the body. */
export function sample(name: SampleName, repository: string): { event: string; body: string } {
  const after = randomBytes(20).toString('hex');
  const before = randomBytes(20).toString('hex');
  switch (name) {
    case 'push':
      return {
        event: 'push',
        body: pushPayload({
          repository,
          ref: 'refs/heads/main',
          before,
          after,
          message: 'A sample push',
          files: ['README.md'],
        }),
      };
    case 'tag':
      return {
        event: 'push',
        body: pushPayload({
          repository,
          ref: 'refs/tags/v1.0.0',
          before: '0'.repeat(40),
          after,
          message: 'A sample tag',
          files: [],
        }),
      };
    case 'pull_request':
      return { event: 'pull_request', body: pullRequestPayload(repository, after, before) };
    case 'merge_group':
      return { event: 'merge_group', body: mergeGroupPayload(repository, after, before) };
    case 'ping':
      return {
        event: 'ping',
        body: JSON.stringify({
          zen: 'Keep it logically awesome.',
          hook_id: 1,
          repository: repositoryPayload(repository),
          sender,
        }),
      };
    default:
      return name satisfies never;
  }
}

const sender = { login: 'you', id: 1, type: 'User' };

/** Returns the JSON body of a push. */
export function pushPayload(push: SamplePush): string {
  const { web = GITHUB, author = { name: 'You', email: 'you@example.com' } } = push;
  const url = `${web}/${push.repository}`;
  const commit = {
    id: push.after,
    tree_id: push.after,
    distinct: true,
    message: push.message,
    timestamp: push.timestamp ?? new Date().toISOString(),
    url: `${url}/commit/${push.after}`,
    author,
    committer: author,
    added: push.added ?? [],
    removed: push.removed ?? [],
    modified: push.files,
  };
  return JSON.stringify({
    ref: push.ref,
    before: push.before,
    after: push.after,
    created: /^0+$/.test(push.before),
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `${url}/compare/${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`,
    commits: push.ref.startsWith('refs/heads/') ? [commit] : [],
    head_commit: commit,
    pusher: { name: 'you', email: 'you@example.com' },
    // Two pushes of one commit are told apart by it.
    repository: { ...repositoryPayload(push.repository, web), pushed_at: Math.floor(Date.now() / 1000) },
    sender,
  });
}

function pullRequestPayload(repository: string, head: string, base: string): string {
  const number = 1 + (randomBytes(2).readUInt16BE() % 1000);
  const now = new Date().toISOString();
  const repo = repositoryPayload(repository);
  return JSON.stringify({
    action: 'opened',
    number,
    pull_request: {
      id: number,
      number,
      state: 'open',
      title: 'A sample pull request',
      body: null,
      html_url: `https://github.com/${repository}/pull/${number}`,
      user: sender,
      draft: false,
      merged: false,
      labels: [],
      created_at: now,
      updated_at: now,
      head: { ref: 'sample', sha: head, label: 'you:sample', repo, user: sender },
      base: { ref: 'main', sha: base, label: 'you:main', repo, user: sender },
    },
    repository: repo,
    sender,
  });
}

function mergeGroupPayload(repository: string, head: string, base: string): string {
  const person = { name: 'You', email: 'you@example.com' };
  return JSON.stringify({
    action: 'checks_requested',
    merge_group: {
      head_sha: head,
      head_ref: `refs/heads/gh-readonly-queue/main/pr-1-${base}`,
      base_sha: base,
      base_ref: 'refs/heads/main',
      head_commit: {
        id: head,
        tree_id: head,
        message: 'A sample merge',
        timestamp: new Date().toISOString(),
        author: person,
        committer: person,
      },
    },
    repository: repositoryPayload(repository),
    sender,
  });
}

const GITHUB = 'https://github.com';

function repositoryPayload(fullName: string, web = GITHUB) {
  const [owner = '', name = ''] = fullName.split('/');
  return {
    id: repositoryId(fullName),
    name,
    full_name: fullName,
    private: false,
    owner: { login: owner, name: owner, id: 1, type: 'User' },
    html_url: `${web}/${fullName}`,
    clone_url: `${web}/${fullName}.git`,
    default_branch: 'main',
  };
}
