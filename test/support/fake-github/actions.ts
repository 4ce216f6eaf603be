import type { Answer, Received } from '../harness/http-server.js';
import type { Call, Route } from './route.js';

export interface FakeRun {
  readonly id: number;
  readonly display_title: string;
  readonly name: string;
  readonly event: string;
  readonly created_at: string;
  readonly head_sha?: string;
  readonly head_branch?: string;
  status: string;
  conclusion: string | null;
}

export interface FakeActions {
  readonly runs: FakeRun[];
  readonly dispatches: Received[];
  /** The head repository of the run of each check suite, by its id; null where it was deleted. */
  readonly suites: Record<string, { readonly id: number } | null>;
}

export interface ActionsOptions {
  /**
   * `named`: answers with the run; `silent`: 204, the key is ignored; `strict`: 422 for the key it does not know;
   * `newest`: that too, and answers with the run, as version 2026-03-10 is documented.
   */
  readonly dispatch?: 'named' | 'silent' | 'strict' | 'newest';
  /** Title of a dispatched run, from its inputs; undefined: it never shows up in the list. */
  readonly title?: (inputs: Record<string, string>) => string | undefined;
}

/** Adds a run, the newest. Run ids are as GitHub has them: more than 32 bits. */
export function addRun({ runs }: Pick<FakeActions, 'runs'>, run: Partial<FakeRun>): FakeRun {
  const made: FakeRun = {
    id: 30_433_642_000 + runs.length,
    display_title: 'Release',
    name: 'Release',
    event: 'workflow_dispatch',
    // GitHub's times are whole seconds.
    created_at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    status: 'queued',
    conclusion: null,
    ...run,
  };
  runs.unshift(made);
  return made;
}

/** Dispatches the workflow `release.yml` of `acme/app`, lists its runs and cancels them. `url`: of the fake. */
export function actions(
  { runs, dispatches, suites }: FakeActions,
  { dispatch = 'named', title = () => 'Release' }: ActionsOptions,
  url: (path: string) => { readonly api: string; readonly page: string },
): Route {
  const page = (run: FakeRun) => ({ ...run, html_url: url(`/acme/app/actions/runs/${run.id}`).page });
  return (call) => {
    const { asked, query, method } = call;
    if (asked === 'POST /repos/acme/app/actions/workflows/release.yml/dispatches') return take(call);
    if (asked === 'GET /repos/acme/app/actions/workflows/release.yml/runs') return list(query);
    if (asked === 'GET /repos/acme/app/actions/runs') return suite(query);
    const [, id, cancel] = /^\w+ \/repos\/acme\/app\/actions\/runs\/(\d+)(\/cancel)?$/.exec(asked) ?? [];
    const run = runs.find((one) => String(one.id) === id);
    if (run && method === 'GET') return { status: 200, body: page(run) };
    if (!run || !cancel || method !== 'POST') return undefined;
    if (run.status === 'completed') return { status: 409, body: { message: 'Cannot cancel a completed run.' } };
    Object.assign(run, { status: 'completed', conclusion: 'cancelled' });
    return { status: 202, body: {} };
  };

  function take({ request, body }: Call): Answer {
    const known = ['ref', 'inputs', ...(dispatch === 'strict' || dispatch === 'newest' ? [] : ['return_run_details'])];
    const unknown = Object.keys(body).find((key) => !known.includes(key));
    if (unknown) return { status: 422, body: { message: `Invalid request.\n\n"${unknown}" is not a permitted key.` } };
    if (body.ref !== 'main') return { status: 422, body: { message: `No ref found for: ${body.ref}` } };
    dispatches.push(request);
    const display_title = title((body.inputs ?? {}) as Record<string, string>);
    if (display_title === undefined) return { status: 204 };
    const run = addRun({ runs }, { display_title });
    const isNamed = dispatch === 'newest' || (dispatch === 'named' && body.return_run_details === true);
    if (!isNamed) return { status: 204 };
    const run_url = url(`/repos/acme/app/actions/runs/${run.id}`).api;
    return { status: 200, body: { workflow_run_id: run.id, run_url, html_url: page(run).html_url } };
  }

  function suite(query: URLSearchParams): Answer {
    const head = suites[query.get('check_suite_id') ?? ''];
    const workflow_runs = head === undefined ? [] : [{ id: 30_433_642, repository: { id: 1 }, head_repository: head }];
    return { status: 200, body: { total_count: workflow_runs.length, workflow_runs } };
  }

  function list(query: URLSearchParams): Answer {
    const since = /^>=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(query.get('created') ?? '')?.[1];
    if (!since) return { status: 422, body: { message: `created: ${query.get('created')}` } };
    const listed = runs.filter((run) => run.event === query.get('event') && run.created_at >= since);
    return { status: 200, body: { total_count: listed.length, workflow_runs: listed.map(page) } };
  }
}
