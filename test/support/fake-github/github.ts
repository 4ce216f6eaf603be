import { type Answer, type LocalServer, startServer } from '../harness/http-server.js';
import { type ActionsOptions, actions, addRun, type FakeActions, type FakeRun } from './actions.js';
import { checkRuns, type FakeCheckRuns } from './check-runs.js';
import { type FakeCredentials, installations, refusalOf } from './credentials.js';
import { addHook, deliveryLogs, type FakeLogs, type LoggedHook, listed } from './delivery-logs.js';
import { type FakeHooks, hooks, shown } from './hooks.js';
import { type FakePullRequest, pullRequests } from './pull-requests.js';
import type { Route } from './route.js';
import { type FakeStatuses, statuses } from './statuses.js';

export interface FakeGithub
  extends LocalServer,
    FakeStatuses,
    FakeCheckRuns,
    FakeActions,
    FakePullRequest,
    FakeHooks,
    FakeLogs {
  /** Answers every request with 503 while set. */
  away: boolean;
  /** Addresses that the credential may not ask for. */
  readonly forbidden: Set<string>;
  /** Gives answers in place of the documented ones to the next requests of a method, first come, first served. */
  insteadOf(method: string, ...answers: Answer[]): void;
  /** Adds a run of `release.yml`, the newest. */
  addRun(run: Partial<FakeRun>): FakeRun;
  /** Adds a hook whose deliveries are listed and sent again. */
  addHook(path: string, url: string): LoggedHook;
  /** Returns the requests that change something, as `METHOD path`. */
  changes(): string[];
}

export interface FakeGithubOptions extends FakeCredentials, ActionsOptions {
  /** What is before each path: `/api/v3` for an Enterprise Server, a pattern where each source has an address of its own. */
  readonly base?: string | RegExp;
  /** Signs the deliveries of {@link FakeGithub.addHook}. */
  readonly secret?: string;
  /** Versions of the API that it knows, as an Enterprise Server knows only some. Default: any. */
  readonly versions?: readonly string[];
  /** Really sends the pings of webhooks that were made by the API. */
  readonly sends?: boolean;
}

/**
 * Starts a stand-in of GitHub's REST API, of the endpoints that Hookyard uses and as their documentation describes them. It
 * checks credentials, paths, required and unknown keys, and limits of length.
 */
export async function startFakeGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  const { base = '', secret = '' } = options;
  const planned: { method: string; answer: Answer }[] = [];
  const state = {
    ...{ statuses: [], checkRuns: [], known: {}, runs: [], dispatches: [], suites: {} },
    ...{
      head: { sha: '', repository: 'acme/app' },
      files: [],
      messages: {},
      permissions: {},
      ids: {},
      teams: {},
      comments: [],
      reactions: [],
    },
    ...{ hooks: [], deliveries: [], logged: new Map(), perPage: 100, limited: 0, redelivered: 0 },
    ...{ onRedelivery: () => undefined, away: false, forbidden: new Set<string>() },
  } as unknown as FakeGithub;

  const hookLists: Route = ({ method, path }) => {
    if (method !== 'GET' || !path.endsWith('/hooks')) return undefined;
    const own = path === '/repos/acme/app/hooks' ? state.hooks.map(shown) : [];
    return { status: 200, body: [...own, ...listed(state, path)] };
  };
  const routes = [
    installations(options),
    statuses(state),
    checkRuns(state, { isApp: options.app !== undefined }),
    actions(state, options, (path) => ({ api: `${server.url}${base}${path}`, page: `${server.url}${path}` })),
    pullRequests(state),
    hookLists,
    hooks(state, options),
    deliveryLogs(state, () => server.url),
  ];

  const server = await startServer(async (request): Promise<Answer> => {
    if (state.away) return { status: 503, body: { message: 'away' } };
    const path = below(request.path, base);
    if (path === undefined) return { status: 404, body: { message: `no ${request.path}` } };
    const version = String(request.headers['x-github-api-version']);
    if (options.versions?.includes(version) === false)
      return { status: 400, body: { message: `${version} is not a supported version` } };
    const refusal = refusalOf(request, path, options);
    if (refusal) return refusal;
    if (state.forbidden.has(path)) return { status: 403, body: { message: 'Resource not accessible' } };
    const { method, query } = request;
    const index = planned.findIndex((one) => one.method === method);
    if (index >= 0) return planned.splice(index, 1)[0]?.answer ?? 'hang';
    const body = (request.body ?? {}) as Record<string, unknown>;
    for (const route of routes) {
      const answer = await route({ method, path, query, body, request, asked: `${method} ${path}` });
      if (answer) return answer;
    }
    return { status: 404, body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' } };
  });

  return Object.assign(state, server, {
    insteadOf: (method: string, ...answers: Answer[]) =>
      void planned.push(...answers.map((answer) => ({ method, answer }))),
    addRun: (run: Partial<FakeRun>) => addRun(state, run),
    addHook: (path: string, url: string) => addHook(state, path, url, secret),
    changes: () =>
      server.received.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
  });
}

function below(path: string, base: string | RegExp): string | undefined {
  if (typeof base === 'string') return path.startsWith(base) ? path.slice(base.length) : undefined;
  return base.test(path) ? path.replace(base, '') : undefined;
}
