import type { Project } from '../../config/project.js';
import type { RunOutcome } from '../../events/event.js';
import { bearer } from '../../http/auth-headers.js';
import type { WAITING_FOR } from '../../runs/search-attributes.js';
import type {
  ApprovalAnswer,
  ArtifactsAnswer,
  AutomationsAnswer,
  CachesAnswer,
  CancelAnswer,
  ClearCachesAnswer,
  DeliveriesAnswer,
  EditAnswer,
  EditableAnswer,
  ErrorAnswer,
  FeedAddresses,
  FlakyTestsAnswer,
  ForgetAnswer,
  KeptJobsAnswer,
  LaneChangeAnswer,
  LaneMoveAnswer,
  LanesAnswer,
  LogSearchAnswer,
  LogsAnswer,
  ManualRunAnswer,
  NamedRunAnswer,
  OperatorActsAnswer,
  OverviewAnswer,
  ReconcileAnswer,
  ReplayAnswer,
  RerunAnswer,
  ResendMessageAnswer,
  RetryMessageAnswer,
  RunState,
  RunsAnswer,
  ShownDelivery,
  StartEditedAnswer,
  StuckRunsAnswer,
  WholeRunAnswer,
} from '../../server/api/contract.js';
import type { DeliveryState } from '../../server/api/search-deliveries.js';
import type { LaneMode, Signed } from '../../store/store.js';
import { whoIsHere } from '../commands/who-is-here.js';
import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { download, request } from './request.js';

/**
 * The operator API of a server, a function for each route. All throw {@link UserError} when the server is away or refuses,
 * and, unless they return undefined for it, when it does not know what was named.
 */
export interface Api {
  readonly url: string;
  /** The project that the server was found by. Undefined where address and token were given: then none is read. */
  readonly project: Project | undefined;
  /** What is broken, runs and waits. */
  overview(): Promise<OverviewAnswer>;
  /** What operators have done, the latest first. */
  acts(query: { readonly limit: number }): Promise<OperatorActsAnswer>;
  deliveries(query: DeliveriesQuery): Promise<DeliveriesAnswer>;
  /** `diff`: with how it differs from the one before. */
  delivery(
    id: string,
    query?: { readonly source?: string | undefined; readonly diff?: boolean },
  ): Promise<ShownDelivery>;
  replay(
    delivery: string,
    query: { readonly source?: string | undefined; readonly automation?: string | undefined },
  ): Promise<ReplayAnswer>;
  /** What of a delivery can be edited. */
  editable(delivery: string, query: { readonly source?: string | undefined }): Promise<EditableAnswer>;
  /** What would become of an edited payload. */
  explainEdited(delivery: string, edit: Edit): Promise<EditAnswer>;
  /** Starts it as a delivery of its own. */
  startEdited(delivery: string, edit: Edit): Promise<StartEditedAnswer>;
  /** Undefined for a run that the server does not know, or not yet. `all`: also what it has led to. */
  run(workflowId: string, query?: { readonly all?: boolean }): Promise<RunState | undefined>;
  /** All that is known of the run that a name means, with what it has done; undefined if the server knows none. */
  wholeRun(name: string): Promise<WholeRunAnswer | undefined>;
  /** A page of runs. */
  runs(query: RunsQuery): Promise<RunsAnswer>;
  /** Returns the run that a name means, and the name itself where the server knows none. `command`: who asks. */
  namedRun(name: string, command: string): Promise<NamedRunAnswer>;
  /** Cancels a run, or a page of runs, or tells which. */
  cancel(query: CancelQuery): Promise<CancelAnswer>;
  /** `fromFailed`: with the steps that did not pass. */
  rerun(name: string, how?: { readonly fromFailed?: boolean | undefined }): Promise<RerunAnswer>;
  /** The jobs of a run that failed, and where their workspaces are kept. */
  keptJobs(workflowId: string): Promise<KeptJobsAnswer>;
  stuckRuns(): Promise<StuckRunsAnswer>;
  /** Approves or rejects what a run waits for. */
  answerApproval(workflowId: string, answer: AnswerQuery): Promise<ApprovalAnswer>;
  automations(): Promise<AutomationsAnswer>;
  /** Where other programs read how an automation does. */
  feeds(query: FeedsQuery): Promise<FeedAddresses>;
  startRun(automation: string, body: { readonly inputs: object; readonly id?: string }): Promise<ManualRunAnswer>;
  reconcile(body: { readonly since: string; readonly source?: string }): Promise<ReconcileAnswer>;
  lanes(query: { readonly named?: string | undefined; readonly limit: number }): Promise<LanesAnswer>;
  changeLane(
    change: Signed & { readonly lane: string; readonly mode: LaneMode; readonly ahead?: boolean },
  ): Promise<LaneChangeAnswer>;
  moveInLane(move: Signed & { readonly run: string }): Promise<LaneMoveAnswer>;
  /** Has a message sent at once that waits for its next try. */
  retryMessage(body: { readonly message: string; readonly endpoint?: string }): Promise<RetryMessageAnswer>;
  /** What a run has kept. */
  artifacts(workflowId: string): Promise<ArtifactsAnswer>;
  /** The content of an artifact, as it comes. */
  artifact(workflowId: string, name: string): Promise<ReadableStream<Uint8Array>>;
  /** A page of what jobs have cached. */
  caches(query: CachesQuery & { readonly after?: string | undefined }): Promise<CachesAnswer>;
  /** Removes a page of it. */
  clearCaches(body: CachesQuery & { readonly all?: true; readonly after?: string }): Promise<ClearCachesAnswer>;
  /** Sends a message anew that was given up. */
  resendMessage(body: { readonly message: string; readonly endpoint?: string }): Promise<ResendMessageAnswer>;
  flakyTests(query: { readonly repository?: string | undefined; readonly limit: number }): Promise<FlakyTestsAnswer>;
  logs(query: LogsQuery): Promise<LogsAnswer>;
  /** Looks for a text in a job's output, a part of it at a time. */
  searchLog(query: LogSearchQuery): Promise<LogSearchAnswer>;
  /** Removes a slice of what is meant, or counts it. */
  forget(query: ForgetQuery): Promise<ForgetAnswer>;
}

/** An edited payload. */
export interface Edit {
  readonly source?: string | undefined;
  readonly payload: string;
}

/** Which deliveries to list, and how many. */
export interface DeliveriesQuery {
  readonly limit: number | string;
  readonly source?: string | undefined;
  readonly failed?: boolean | undefined;
  readonly repository?: string | undefined;
  readonly event?: string | undefined;
  readonly automation?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly text?: string | undefined;
}

/** What of all that jobs have cached. */
export interface CachesQuery {
  readonly source?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly key?: string;
}

/** Which runs to list, and how many. */
export interface RunsQuery {
  readonly limit: number;
  readonly repository?: string;
  readonly branch?: string;
  readonly automation?: string;
  readonly outcome?: RunOutcome;
  /** Unix ms. */
  readonly since?: number;
  readonly waiting?: (typeof WAITING_FOR)[number] | 'anything';
  /** The `next` of the page before. */
  readonly page?: string;
}

/** Of which runs the addresses tell. */
export interface FeedsQuery {
  readonly automation: string;
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
}

/** Which runs are to be cancelled: one, or the open ones of a branch or an automation. */
export interface CancelQuery {
  /** Who cancels them. */
  readonly by: string;
  readonly run?: string | undefined;
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
  readonly automation?: string | undefined;
  readonly dryRun?: boolean;
  /** The `next` of the call before. */
  readonly page?: string;
}

/** An answer to what a run waits for. */
export interface AnswerQuery {
  readonly command: 'approve' | 'reject';
  /** Only if this is the commit, by the beginning of its name. */
  readonly sha?: string | undefined;
  readonly body: { readonly by: string; readonly name?: string; readonly why?: string };
}

/** What is to be forgotten; at least one is named. */
export interface ForgetQuery {
  readonly repository?: string | undefined;
  readonly source?: string | undefined;
  readonly delivery?: string | undefined;
  readonly dryRun?: boolean;
  /** The `next` of the call before. */
  readonly from?: unknown;
}

/** Which lines of a run's output to read. */
export interface LogsQuery {
  /** Workflow id. */
  readonly run: string;
  readonly job?: string;
  /** Number of the last line that is known. */
  readonly after?: number;
  readonly limit?: number;
}

/** What is looked for in a job's output. */
export interface LogSearchQuery {
  /** Workflow id. */
  readonly run: string;
  readonly job: string;
  readonly text: string;
  /** The line that is looked at first. */
  readonly from?: number | undefined;
  readonly limit?: number;
}

/** Where a server is, and what lets its API be asked. */
export interface ServerAccess extends Pick<Api, 'url' | 'project'> {
  readonly token: string;
}

/** Returns the API of a server, which is asked only when a function is called. */
export function createApi({ url, token, project }: ServerAccess): Api {
  const ask = asker(url, token);
  return {
    url,
    project,
    overview: async () => (await ask('GET', 'overview')) ?? tooOld(url),
    acts: async (query) => (await ask('GET', 'acts', { query })) ?? { acts: [] },
    deliveries: async (query) => (await ask('GET', 'deliveries', { query })) ?? { deliveries: [] },
    delivery: async (id, query = {}) =>
      (await ask('GET', `deliveries/${encodeURIComponent(id)}`, { query, command: 'explain' })) ?? noDelivery(id),
    replay: async (id, query) =>
      (await ask('POST', `deliveries/${encodeURIComponent(id)}/replay`, { query, command: 'replay' })) ??
      noDelivery(id),
    editable: async (id, query) =>
      (await ask('GET', `deliveries/${encodeURIComponent(id)}/edit`, { query, command: 'explain' })) ?? noDelivery(id),
    explainEdited: async (id, { source, payload }) =>
      (await ask('POST', `deliveries/${encodeURIComponent(id)}/edit`, {
        ...{ query: { source }, body: { payload }, command: 'explain' },
      })) ?? noDelivery(id),
    startEdited: async (id, { source, payload }) =>
      (await ask('POST', `deliveries/${encodeURIComponent(id)}/start`, {
        ...{ query: { source }, body: { payload }, command: 'replay' },
      })) ?? noDelivery(id),
    run: (id, { all } = {}) => ask('GET', 'runs', { query: { id, ...(all && { all }) } }),
    wholeRun: (name) => ask('GET', 'runs/whole', { query: { name } }),
    runs: async (query) => (await ask('GET', 'runs/list', { query })) ?? { runs: [] },
    namedRun: async (name, command) => (await ask('GET', 'runs/named', { query: { name }, command })) ?? { run: name },
    cancel: async (body) => (await ask('POST', 'runs/cancel', { body, command: 'cancel' })) ?? noRun(body.run ?? ''),
    rerun: async (name, { fromFailed = false } = {}) => {
      const query = { name, ...(fromFailed && { fromFailed: 'true' }) };
      return (await ask('POST', 'runs/rerun', { query, command: 'rerun' })) ?? noRun(name);
    },
    keptJobs: async (id) => (await ask('GET', 'runs/kept', { query: { id } })) ?? { jobs: [] },
    stuckRuns: async () => (await ask('GET', 'runs/stuck')) ?? { runs: [], complete: true },
    answerApproval: async (id, { command, sha, body }) =>
      (await ask('POST', `runs/${command}`, { query: { id, sha }, body })) ?? noRun(id),
    automations: async () => (await ask('GET', 'automations')) ?? { automations: [] },
    feeds: async (query) => (await ask('GET', 'feeds', { query })) ?? tooOld(url),
    startRun: async (name, body) =>
      (await ask('POST', `automations/${encodeURIComponent(name)}/runs`, { body })) ?? noAutomation(name),
    reconcile: async (body) => (await ask('POST', 'reconcile', { body })) ?? noSource(body.source),
    forget: async (query) =>
      (await ask('POST', 'forget', { body: query, command: 'forget --delivery' })) ?? noDelivery(query.delivery ?? ''),
    lanes: async (query) => (await ask('GET', 'lanes', { query })) ?? { lanes: [] },
    changeLane: async (body) => (await ask('POST', 'lanes/mode', { body })) ?? noLane(body.lane),
    moveInLane: async (body) => (await ask('POST', 'lanes/move', { body })) ?? noRun(body.run),
    retryMessage: async (body) =>
      (await ask<RetryMessageAnswer>('POST', 'outbound/retry', { body })) ?? noMessage(body.message),
    artifacts: async (id) => (await ask('GET', 'runs/artifacts', { query: { id } })) ?? tooOld(url),
    artifact: (id, name) => {
      const query = new URLSearchParams({ id, name });
      return download(`${url}/api/runs/artifacts/file?${query}`, { authorization: bearer(token) });
    },
    caches: async (query) => (await ask('GET', 'caches', { query })) ?? tooOld(url),
    clearCaches: async (body) => (await ask('POST', 'caches/clear', { body })) ?? tooOld(url),
    resendMessage: async (body) =>
      (await ask<ResendMessageAnswer>('POST', 'outbound/resend', { body })) ?? noMessage(body.message),
    flakyTests: async (query) => (await ask('GET', 'tests/flaky', { query })) ?? { tests: [] },
    logs: async (query) => (await ask('GET', 'logs', { query })) ?? { jobs: [], lines: [] },
    searchLog: async (query) => (await ask('GET', 'logs/search', { query })) ?? { lines: [], count: 0, from: 0, to: 0 },
  };
}

interface RequestOptions {
  readonly query?: object;
  readonly body?: object;
  /** The command that asks for a delivery or a run, to be typed again where several are meant. */
  readonly command?: string;
}

/** Returns the function that asks `/api/<path>`; it resolves to undefined for a 404. */
function asker(url: string, token: string) {
  return async <T>(
    method: 'GET' | 'POST',
    path: string,
    { query = {}, body, command }: RequestOptions = {},
  ): Promise<T | undefined> => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
    const { status, json } = await request(`${url}/api/${path}?${search}`, {
      method,
      headers: {
        authorization: bearer(token),
        'x-hookyard-by': encodeURIComponent(whoIsHere()),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (status === 404) return undefined;
    const { meanings, runs } = (json ?? {}) as Partial<ErrorAnswer>;
    if (status === 409 && meanings) severalMeant(meanings, command);
    if (status === 409 && runs) severalRunsMeant(runs, command);
    if (status < 200 || status > 299) throw new UserError(`${url} answers ${status}: ${errorOf(json)}`);
    return json as T;
  };
}

function errorOf(json: unknown): string {
  const { error } = (json ?? {}) as Partial<ErrorAnswer>;
  return harmless(String(error ?? JSON.stringify(json))).slice(0, 1_000);
}

/** Throws {@link UserError} with a line for each delivery that is meant, which is what to type. */
function severalMeant(meanings: NonNullable<ErrorAnswer['meanings']>, command = 'explain'): never {
  const lines = meanings.map(({ id, source, key, eventName, receivedAt }) => {
    const at = new Date(receivedAt).toISOString();
    return `  npx hookyard ${command} ${id}   ${harmless(`"${eventName}" of source ${source}, key ${key}`)}, ${at}`;
  });
  throw new UserError(['Several deliveries are called so. Type one of:', ...lines].join('\n'));
}

/** Throws {@link UserError} with a line for each run that is meant, which is what to type. */
function severalRunsMeant(runs: readonly string[], command = 'logs'): never {
  const lines = runs.map((run) => `  npx hookyard ${command} ${harmless(run)}`);
  throw new UserError(['Several runs are called so. Type one of:', ...lines].join('\n'));
}

/** Throws {@link UserError}. */
export function noRun(id: string): never {
  throw new UserError(`There is no run "${harmless(id)}"; npx hookyard runs lists them`);
}

/** Throws {@link UserError}. */
function tooOld(url: string): never {
  throw new UserError(`The server at ${url} is of an older version, which does not tell this: upgrade it`);
}

/** What the server takes for the beginning of a delivery's id. */
const SHORTEST_BEGINNING = 6;

function noDelivery(id: string): never {
  const short =
    id.length < SHORTEST_BEGINNING ? `, and the beginning of an id has ${SHORTEST_BEGINNING} characters at least` : '';
  throw new UserError(`There is no delivery "${harmless(id)}"; npx hookyard deliveries lists them${short}`);
}

function noAutomation(name: string): never {
  throw new UserError(
    `There is no automation "${harmless(name)}"; npx hookyard automations lists those that the server has loaded`,
  );
}

function noMessage(id: string): never {
  throw new UserError(`There is no message "${harmless(id)}"; the page lists those that were sent, under /outbound`);
}

function noLane(name: string): never {
  throw new UserError(
    `There is no lane "${harmless(name)}"; npx hookyard lanes lists those that somebody is in. One that nobody was in yet is held up with --ahead, by the whole name that it will have: <automation> <owner/name> <branch>, for example`,
  );
}

function noSource(name: string | undefined): never {
  throw new UserError(
    `There is no source "${harmless(name ?? '')}"; npx hookyard doctor lists those that are configured`,
  );
}
