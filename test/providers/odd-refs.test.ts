import { afterEach, describe, expect, test } from 'vitest';
import type { HookyardEvent } from '../../src/events/event.js';
import { createProviders } from '../../src/providers/apis.js';
import { azureDevops } from '../../src/providers/azure-devops/webhook/index.js';
import { bitbucketCloud } from '../../src/providers/bitbucket-cloud/webhook/index.js';
import { bitbucketDataCenter } from '../../src/providers/bitbucket-data-center/webhook/index.js';
import { forgejo, gitea } from '../../src/providers/gitea/webhook/index.js';
import { github } from '../../src/providers/github/webhook/index.js';
import { gitlab } from '../../src/providers/gitlab/webhook/index.js';
import { MalformedPayload, type WebhookScheme } from '../../src/providers/webhook-scheme.js';
import { depsOf } from '../support/harness/activity.js';
import { configOf } from '../support/harness/config.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { context } from './properties-seeds.js';

const ODD = ['a@{b', 'x.lock', '/x', 'x/', '.a', 'a//b', 'a\u0085b', 'a\ud800b', 'a..b', 'a b', 'a\nb', ''];
const ORDINARY = [
  'main',
  'feature/x',
  'é🎉',
  'release-1.0',
  'a\u00a0b',
  '作業\u3000中',
  'a\u2028b',
  'می\u200cخواهم',
  'a\u202eb',
  'a\u2066b',
];

interface Refs {
  readonly head: string;
  readonly base: string;
}

interface Row {
  readonly scheme: WebhookScheme;
  readonly eventName: string;
  /** The body of a webhook's delivery. */
  payload(refs: Refs): object;
  /** What the API answers about the same pull request. */
  answer(refs: Refs): object;
}

const SHA = 'a'.repeat(40);
const repository = { id: 1, full_name: 'acme/app', html_url: 'https://git.example/acme/app', private: true };
const side = (ref: string) => ({ ref, sha: SHA, repo: repository });
const pull = ({ head, base }: Refs) => ({
  number: 7,
  title: 'Sell more',
  html_url: 'https://git.example/acme/app/pulls/7',
  state: 'open',
  head: side(head),
  base: side(base),
});
const likeGithub = (scheme: WebhookScheme): Row => ({
  scheme,
  eventName: 'pull_request',
  payload: (refs) => ({ action: 'opened', number: 7, repository, pull_request: pull(refs) }),
  answer: pull,
});

const mergeRequest = ({ head, base }: Refs) => ({
  iid: 7,
  title: 'Sell more',
  state: 'opened',
  source_branch: head,
  target_branch: base,
  source_project_id: 1,
  target_project_id: 1,
});
const url = 'https://git.example/acme/app/-/merge_requests/7';

const cloudRepository = { full_name: 'acme/app' };
const cloudSide = (ref: string) => ({ branch: { name: ref }, commit: { hash: SHA }, repository: cloudRepository });
const cloudPull = ({ head, base }: Refs) => ({
  id: 7,
  title: 'Sell more',
  state: 'OPEN',
  source: cloudSide(head),
  destination: cloudSide(base),
});

const serverSide = (ref: string) => ({
  id: `refs/heads/${ref}`,
  latestCommit: SHA,
  repository: { id: 1, slug: 'app', project: { key: 'acme' } },
});
const serverPull = ({ head, base }: Refs) => ({
  id: 7,
  title: 'Sell more',
  state: 'OPEN',
  fromRef: serverSide(head),
  toRef: serverSide(base),
});

const azurePull = ({ head, base }: Refs) => ({
  pullRequestId: 7,
  title: 'Sell more',
  status: 'active',
  sourceRefName: `refs/heads/${head}`,
  targetRefName: `refs/heads/${base}`,
  lastMergeSourceCommit: { commitId: SHA },
  repository: { id: '1', name: 'app', project: { name: 'acme' } },
});

const ROWS = {
  github: likeGithub(github({ secrets: [] })),
  gitea: likeGithub(gitea({ secrets: [] })),
  forgejo: likeGithub(forgejo({ secrets: [] })),
  gitlab: {
    scheme: gitlab({ secrets: [], acceptSecretToken: false }),
    eventName: 'Merge Request Hook',
    payload: (refs) => ({
      project: { id: 1, path_with_namespace: 'acme/app', web_url: 'https://git.example/acme/app' },
      object_attributes: { ...mergeRequest(refs), url, action: 'open', last_commit: { id: SHA } },
    }),
    answer: (refs) => ({ ...mergeRequest(refs), web_url: url, sha: SHA }),
  },
  'bitbucket-cloud': {
    scheme: bitbucketCloud({ secrets: [] }),
    eventName: 'pullrequest:created',
    payload: (refs) => ({ repository: cloudRepository, pullrequest: cloudPull(refs) }),
    // The API is asked for the head's whole name too: `hash` answers that.
    answer: (refs) => ({ ...cloudPull(refs), hash: SHA }),
  },
  'bitbucket-data-center': {
    scheme: bitbucketDataCenter({ secrets: [], url: 'https://git.example' }),
    eventName: 'pr:opened',
    payload: (refs) => ({ pullRequest: serverPull(refs) }),
    answer: serverPull,
  },
  'azure-devops': {
    scheme: azureDevops({ secrets: [], url: 'https://git.example', username: 'hookyard' }),
    eventName: 'git.pullrequest.created',
    payload: (refs) => ({ resource: azurePull(refs) }),
    answer: azurePull,
  },
} satisfies Readonly<Record<string, Row>>;

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe.each(Object.entries(ROWS))('a pull request of %s', (kind, { scheme, eventName, payload, answer }) => {
  function fromWebhook(refs: Refs): HookyardEvent | undefined {
    const normalised = scheme.normalise(payload(refs), eventName, context);
    return 'event' in normalised ? normalised.event : undefined;
  }

  /** Reads it as the API answers it with one pair of refs after another. */
  async function readerOfApi(): Promise<(refs: Refs) => Promise<unknown>> {
    let body: object = {};
    server = await startServer(() => ({ status: 200, body }));
    const source = { kind, url: 'https://git.example', secrets: [{ env: 'HOOK' }] };
    const api = { url: server.url, token: { env: 'TOKEN' } };
    const config = configOf({ sources: { here: { ...source, api } as never } }, { HOOK: 'x', TOKEN: 't' });
    const made = await createProviders(depsOf(config)).repository('here', 'acme/app');
    return async (refs) => {
      body = answer(refs);
      return made?.pullRequest?.(7);
    };
  }

  test.each(['head', 'base'] as const)(
    'a pull request of %s with an odd %s ref is refused by the webhook and the API alike',
    async (of) => {
      const fromApi = await readerOfApi();
      for (const ref of ODD) {
        const refs = { head: 'feature', base: 'main', [of]: ref };
        expect(() => fromWebhook(refs), JSON.stringify(ref)).toThrow(MalformedPayload);
        await expect(fromApi(refs), JSON.stringify(ref)).rejects.toMatchObject({ name: 'ProviderError' });
      }
    },
  );

  test('a pull request of %s with ordinary refs is read by both alike', async () => {
    const fromApi = await readerOfApi();
    for (const ref of ORDINARY) {
      const refs = { head: ref, base: ref };
      const expected = { head: { ref }, base: { ref }, fork: false };
      expect(fromWebhook(refs), ref).toMatchObject({ pullRequest: expected });
      expect(await fromApi(refs), ref).toMatchObject(expected);
    }
  });
});

type ListKind = 'gitea' | 'forgejo' | 'bitbucket-cloud' | 'bitbucket-data-center';
interface ListRow {
  page(items: readonly object[]): object;
  branch(name: string): object;
}

/** How the providers list what reconciling reads. */
const LISTS: Readonly<Record<ListKind, ListRow>> = {
  gitea: { page: (items) => items, branch: (name) => ({ name, commit: { id: SHA } }) },
  forgejo: { page: (items) => items, branch: (name) => ({ name, commit: { id: SHA } }) },
  'bitbucket-cloud': {
    page: (values) => ({ values }),
    branch: (name) => ({ name, target: { hash: SHA } }),
  },
  'bitbucket-data-center': {
    page: (values) => ({ values, isLastPage: true }),
    branch: (name) => ({ id: `refs/heads/${name}`, latestCommit: SHA }),
  },
};

describe.each(Object.entries(LISTS))('a list of %s', (kind, { page, branch }) => {
  const { answer } = ROWS[kind as ListKind];

  async function stateOf(items: readonly object[]) {
    // Gitea says how many there are.
    const headers = { 'x-total-count': String(items.length) };
    server = await startServer(() => ({ status: 200, headers, body: page(items) }));
    const source = { kind, url: 'https://git.example', secrets: [{ env: 'HOOK' }] };
    const api = { url: server.url, token: { env: 'TOKEN' } };
    const config = configOf({ sources: { here: { ...source, api } as never } }, { HOOK: 'x', TOKEN: 't' });
    return (await createProviders(depsOf(config)).repository('here', 'acme/app'))?.state;
  }

  test.each(['head', 'base'] as const)('a list with pull requests of odd %s refs has the others', async (of) => {
    const odd = ODD.map((ref) => answer({ head: 'feature', base: 'main', [of]: ref }));
    const state = await stateOf([...odd, answer({ head: 'feature', base: 'main' })]);
    const { items, complete } = (await state?.pullRequests?.()) ?? {};
    expect(items).toMatchObject([{ number: 7, head: { ref: 'feature' } }]);
    expect(complete).toBe(true);
  });

  test('a list with pull requests of oddly named forks has the others', async () => {
    const own = answer({ head: 'feature', base: 'main' });
    const odd = JSON.parse(JSON.stringify(own).replace(/("slug":|"full_name":)"[^"]*"/, '$1"ä b/ü c"'));
    const { items } = (await (await stateOf([odd, own]))?.pullRequests?.()) ?? {};
    expect(items).toHaveLength(1);
  });

  test('a list with branches of odd names has the others', async () => {
    const { items } = (await (await stateOf([...ODD, 'main'].map((name) => branch(name))))?.branches()) ?? {};
    expect(items).toEqual([{ name: 'main', sha: SHA }]);
  });

  test('a list with an item of another shape is refused', async () => {
    const { state: _, ...incomplete } = answer({ head: 'a b', base: 'main' }) as { state?: string };
    const state = await stateOf([answer({ head: 'feature', base: 'main' }), incomplete]);
    await expect(state?.pullRequests?.()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(state?.branches()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
