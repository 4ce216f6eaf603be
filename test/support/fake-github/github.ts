import { createPublicKey, createVerify } from 'node:crypto';
import { type Answer, type LocalServer, type Received, startServer } from '../harness/http-server.js';

interface Run {
  readonly id: number;
  readonly display_title: string;
  readonly name: string;
  readonly event: string;
  readonly created_at: string;
  status: string;
  conclusion: string | null;
}

export interface GithubStandIn extends LocalServer {
  /** Answers given instead of the documented ones, to the next requests whose method is this; first come, first served. */
  insteadOf(method: string, ...answers: Answer[]): void;
  readonly statuses: Record<string, unknown>[];
  readonly runs: Run[];
  readonly dispatches: Received[];
  /** Run ids as GitHub has them: more than 32 bits. */
  addRun(run: Partial<Run>): Run;
}

export interface StandInOptions {
  /** `/api/v3` for an Enterprise Server. */
  readonly base?: string;
  readonly token?: string;
  readonly app?: { readonly id: string; readonly publicKey: string; readonly installationToken: string };
  /** `named`: answers with the run; `silent`: 204, the key is ignored; `strict`: 422 for the key it does not know. */
  readonly dispatch?: 'named' | 'silent' | 'strict';
  /** Title of a dispatched run, from its inputs; undefined: it never shows up in the list. */
  readonly title?: (inputs: Record<string, string>) => string | undefined;
}

const REPOSITORY = '/repos/acme/app';

/**
 * GitHub as its REST documentation describes it, for the endpoints that Hookyard uses: checks credentials, paths,
 * required and unknown keys, limits of length.
 */
export async function startGithub(options: StandInOptions = {}): Promise<GithubStandIn> {
  const { base = '', dispatch = 'named', title = () => 'Release' } = options;
  const planned: { method: string; answer: Answer }[] = [];
  const statuses: Record<string, unknown>[] = [];
  const runs: Run[] = [];
  const dispatches: Received[] = [];

  function addRun(run: Partial<Run>): Run {
    const made: Run = {
      id: 30_433_642_000 + runs.length,
      display_title: 'Release',
      name: 'Release',
      event: 'workflow_dispatch',
      created_at: seconds(new Date()),
      status: 'queued',
      conclusion: null,
      ...run,
    };
    runs.unshift(made);
    return made;
  }

  const server = await startServer((request): Answer => {
    if (!request.path.startsWith(base)) return { status: 404, body: { message: `no ${request.path}` } };
    const path = request.path.slice(base.length);
    const refusal = authenticate(request, path, options);
    if (refusal) return refusal;
    const index = planned.findIndex(({ method }) => method === request.method);
    if (index >= 0) return planned.splice(index, 1)[0]?.answer ?? 'hang';
    return route(request, path);
  });
  const page = (run: Run) => ({ ...run, html_url: `${server.url}/acme/app/actions/runs/${run.id}` });

  function route(request: Received, path: string): Answer {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const at = (pattern: RegExp, method: string) => (request.method === method ? pattern.exec(path) : null);
    let match = at(/^\/repos\/acme\/app\/installation$/, 'GET');
    if (match) return { status: 200, body: { id: 7001 } };
    match = at(/^\/app\/installations\/7001\/access_tokens$/, 'POST');
    if (match) {
      if (JSON.stringify(body.repositories) !== '["app"]') return { status: 422, body: { message: 'too much asked' } };
      const expires_at = new Date(Date.now() + 3_600_000).toISOString();
      return { status: 201, body: { token: options.app?.installationToken, expires_at } };
    }
    match = at(/^\/repos\/acme\/app\/statuses\/([0-9a-f]{40})$/, 'POST');
    if (match) return takeStatus(match[1] ?? '', body);
    match = at(/^\/repos\/acme\/app\/commits\/([0-9a-f]{40})\/statuses$/, 'GET');
    if (match) return { status: 200, body: [...statuses].reverse().filter(({ sha }) => sha === match?.[1]) };
    match = at(/^\/repos\/acme\/app\/actions\/workflows\/release\.yml\/dispatches$/, 'POST');
    if (match) return takeDispatch(request, body);
    match = at(/^\/repos\/acme\/app\/actions\/workflows\/release\.yml\/runs$/, 'GET');
    if (match) return listRuns(request.query);
    match = at(/^\/repos\/acme\/app\/actions\/runs\/(\d+)(\/cancel)?$/, request.method);
    const run = runs.find(({ id }) => String(id) === match?.[1]);
    if (run && request.method === 'GET') return { status: 200, body: page(run) };
    if (run && match?.[2] && request.method === 'POST') {
      if (run.status === 'completed') return { status: 409, body: { message: 'Cannot cancel a completed run.' } };
      Object.assign(run, { status: 'completed', conclusion: 'cancelled' });
      return { status: 202, body: {} };
    }
    return { status: 404, body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' } };
  }

  function takeStatus(sha: string, body: Record<string, unknown>): Answer {
    const { state, description, context } = body;
    const valid = ['pending', 'success', 'failure', 'error'].includes(String(state)) && typeof context === 'string';
    if (!valid || [...String(description)].length > 140) return { status: 422, body: { message: 'Validation Failed' } };
    statuses.push({ target_url: null, ...body, sha });
    return { status: 201, body: { id: statuses.length } };
  }

  function takeDispatch(request: Received, body: Record<string, unknown>): Answer {
    const known = ['ref', 'inputs', ...(dispatch === 'strict' ? [] : ['return_run_details'])];
    const unknown = Object.keys(body).find((key) => !known.includes(key));
    if (unknown) return { status: 422, body: { message: `Invalid request.\n\n"${unknown}" is not a permitted key.` } };
    if (body.ref !== 'main') return { status: 422, body: { message: `No ref found for: ${body.ref}` } };
    dispatches.push(request);
    const display_title = title((body.inputs ?? {}) as Record<string, string>);
    if (display_title === undefined) return { status: 204 };
    const run = addRun({ display_title });
    if (dispatch !== 'named' || body.return_run_details !== true) return { status: 204 };
    const run_url = `${server.url}${base}${REPOSITORY}/actions/runs/${run.id}`;
    return { status: 200, body: { workflow_run_id: run.id, run_url, html_url: page(run).html_url } };
  }

  function listRuns(query: URLSearchParams): Answer {
    const since = /^>=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(query.get('created') ?? '')?.[1];
    if (!since) return { status: 422, body: { message: `created: ${query.get('created')}` } };
    const listed = runs.filter((run) => run.event === query.get('event') && run.created_at >= since);
    return { status: 200, body: { total_count: listed.length, workflow_runs: listed.map(page) } };
  }

  return {
    ...server,
    statuses,
    runs,
    dispatches,
    addRun,
    insteadOf: (method, ...answers) => void planned.push(...answers.map((answer) => ({ method, answer }))),
  };
}

function authenticate(request: Received, path: string, { token, app }: StandInOptions): Answer | undefined {
  const [scheme = '', credential = ''] = (request.headers.authorization ?? '').split(' ');
  const bad: Answer = { status: 401, body: { message: 'Bad credentials' } };
  if (!/^(bearer|token)$/i.test(scheme)) return bad;
  const signedByApp = path.startsWith('/app') || path.endsWith('/installation');
  if (signedByApp) return app && isJwtOf(credential, app) ? undefined : bad;
  return credential === (app?.installationToken ?? token) ? undefined : bad;
}

/** Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function isJwtOf(jwt: string, app: { id: string; publicKey: string }): boolean {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8') || '{}');
  if (read(header).alg !== 'RS256') return false;
  const { iat, exp, iss } = read(payload);
  const now = Date.now() / 1000;
  if (String(iss) !== app.id || iat > now || exp < now || exp - iat > 600) return false;
  const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  return verifier.verify(createPublicKey(app.publicKey), signature, 'base64url');
}

/** GitHub's times are whole seconds. */
function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
