import { type LocalServer, type Received, startServer } from '../harness/http-server.js';

export interface PullsStandIn extends LocalServer {
  /** Files of pull request 7, as GitHub lists them. */
  files: { filename: string; status: string; previous_filename?: string }[];
  /** By login. */
  readonly permissions: Record<string, string>;
  readonly statuses: { sha: string; state: string; context: string; description: string }[];
  readonly comments: { id: number; body: string; html_url: string; user: { login: string } }[];
  readonly reactions: { comment: string; content: string }[];
  /** Head of pull request 7. */
  head: { sha: string; repository: string };
  /** Answers every request with 503 while set. */
  away: boolean;
  /** What a commit and context have already: `<sha> <context>` to a state. */
  readonly known: Record<string, string>;
}

/** GitHub's API of `acme/app` with its pull request 7, as the REST documentation has it. */
export async function startPulls(token: string): Promise<PullsStandIn> {
  const state = {
    files: [] as PullsStandIn['files'],
    permissions: {} as Record<string, string>,
    statuses: [] as PullsStandIn['statuses'],
    comments: [] as PullsStandIn['comments'],
    reactions: [] as PullsStandIn['reactions'],
    head: { sha: '', repository: 'acme/app' },
    away: false,
    known: {} as Record<string, string>,
  };
  const answer = ({ method, path, headers, body, query }: Received) => {
    if (state.away) return { status: 503, body: { message: 'away' } };
    const authorization = headers.authorization ?? '';
    if (!authorization.endsWith(` ${token}`)) return { status: 401, body: { message: 'Bad credentials' } };
    // Each source has an address of its own.
    const asked = `${method} ${path.replace(/^\/(github|hub-\d+)/, '')}`;
    const given = (body ?? {}) as Record<string, never>;
    if (asked === 'GET /user') return { status: 200, body: { login: 'hookyard-bot', id: 99 } };
    const status = /^POST \/repos\/acme\/app\/statuses\/([0-9a-f]{40})$/.exec(asked);
    if (status) {
      state.statuses.push({ sha: status[1] ?? '', ...(given as object) } as never);
      return { status: 201, body: { id: 1, state: given.state, context: given.context } };
    }
    const of = /^GET \/repos\/acme\/app\/commits\/([0-9a-f]{40})\/statuses$/.exec(asked)?.[1];
    if (of) {
      const known = Object.entries(state.known).filter(([name]) => name.startsWith(of));
      return {
        status: 200,
        body: known.map(([name, was]) => ({ context: name.slice(41), state: was, target_url: null })),
      };
    }
    if (asked === 'GET /repos/acme/app/pulls/7/files')
      return { status: 200, body: query.get('page') === '2' ? [] : state.files };
    if (asked === 'GET /repos/acme/app/pulls/7') return { status: 200, body: pull(state) };
    const person = /^GET \/repos\/acme\/app\/collaborators\/([^/]+)\/permission$/.exec(asked)?.[1];
    if (person)
      return {
        status: 200,
        body: { permission: state.permissions[person] ?? 'none', role_name: 'x', user: { login: person, id: 5 } },
      };
    const reacted = /^POST \/repos\/acme\/app\/issues\/comments\/(\d+)\/reactions$/.exec(asked)?.[1];
    if (reacted) {
      state.reactions.push({ comment: reacted, content: given.content as never });
      return { status: 201, body: { id: 1, content: given.content } };
    }
    if (asked === 'GET /repos/acme/app/issues/7/comments') return { status: 200, body: state.comments };
    if (asked === 'POST /repos/acme/app/issues/7/comments') {
      const id = state.comments.length + 1;
      const made = { id, body: given.body as never, html_url: `http://hub/c/${id}`, user: { login: 'hookyard-bot' } };
      state.comments.push(made);
      return { status: 201, body: made };
    }
    const edited = /^PATCH \/repos\/acme\/app\/issues\/comments\/(\d+)$/.exec(asked)?.[1];
    const old = state.comments.find(({ id }) => String(id) === edited);
    if (old) {
      old.body = given.body as never;
      return { status: 200, body: old };
    }
    return { status: 404, body: { message: `no ${asked}` } };
  };
  const server = await startServer(answer);
  return Object.assign(state, server);
}

function pull({ head, files }: Pick<PullsStandIn, 'head' | 'files'>) {
  const isFork = head.repository !== 'acme/app';
  return {
    number: 7,
    title: 'Sell even more',
    html_url: 'http://hub/acme/app/pull/7',
    state: 'open',
    draft: false,
    merged: false,
    changed_files: files.length,
    user: { login: 'ada', id: 7, type: 'User' },
    labels: [],
    updated_at: '2026-11-24T08:00:00Z',
    base: { ref: 'main', sha: 'b'.repeat(40), repo: { id: 1, full_name: 'acme/app' } },
    head: { ref: 'more', sha: head.sha, repo: { id: isFork ? 2 : 1, full_name: head.repository } },
  };
}
