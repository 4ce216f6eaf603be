import type { Call, Route } from './route.js';

export interface FakePullRequest {
  /** Head of pull request 7. */
  head: { sha: string; repository: string };
  /** Files of pull request 7, as GitHub lists them. */
  files: { filename: string; status: string; previous_filename?: string }[];
  /** Messages of commits, by their names. */
  readonly messages: Record<string, string>;
  /** By login. */
  readonly permissions: Record<string, string>;
  /** By login: the ids of accounts that are not 5. */
  readonly ids: Record<string, number>;
  /** By `organisation/team`: the logins of its members. */
  readonly teams: Record<string, string[]>;
  readonly comments: { id: number; body: string; html_url: string; user: { login: string } }[];
  readonly reactions: { comment: string; content: unknown }[];
}

const AT = '/repos/acme/app';
/** Whose token it is. */
const OWN = 'hookyard-bot';

/** Answers for pull request 7 of `acme/app`: its state and files, its comments, and what people may do. */
export function pullRequests(state: FakePullRequest): Route {
  return (call) => {
    const { asked, query } = call;
    if (asked === 'GET /user') return { status: 200, body: { login: OWN, id: 99 } };
    if (asked === `GET ${AT}/pulls/7/files`) return { status: 200, body: query.get('page') === '2' ? [] : state.files };
    if (asked === `GET ${AT}/pulls/7`) return { status: 200, body: pullOf(state) };
    const commit = /^GET \/repos\/acme\/app\/git\/commits\/([0-9a-f]{40})$/.exec(asked)?.[1];
    if (commit) return { status: 200, body: { sha: commit, message: state.messages[commit] ?? 'Sell more' } };
    const [, team = '', member = ''] =
      /^GET \/orgs\/(.+)\/memberships\/([^/]+)$/.exec(asked.replace('/teams/', '/')) ?? [];
    if (state.teams[team]?.includes(member.toLowerCase()))
      return { status: 200, body: { state: 'active', role: 'member' } };
    const login = /^GET \/repos\/acme\/app\/collaborators\/([^/]+)\/permission$/.exec(asked)?.[1];
    if (!login) return comment(state, call);
    const known = login.toLowerCase();
    const permission = state.permissions[known] ?? 'none';
    return { status: 200, body: { permission, role_name: 'x', user: { login, id: state.ids[known] ?? 5 } } };
  };
}

function comment({ comments, reactions }: FakePullRequest, { asked, body }: Call): ReturnType<Route> {
  const reacted = /^POST \/repos\/acme\/app\/issues\/comments\/(\d+)\/reactions$/.exec(asked)?.[1];
  if (reacted) {
    reactions.push({ comment: reacted, content: body.content });
    return { status: 201, body: { id: 1, content: body.content } };
  }
  if (asked === `GET ${AT}/issues/7/comments`) return { status: 200, body: comments };
  if (asked === `POST ${AT}/issues/7/comments`) {
    const id = comments.length + 1;
    const made = { id, body: String(body.body), html_url: `http://hub/c/${id}`, user: { login: OWN } };
    comments.push(made);
    return { status: 201, body: made };
  }
  const edited = /^PATCH \/repos\/acme\/app\/issues\/comments\/(\d+)$/.exec(asked)?.[1];
  const old = comments.find(({ id }) => String(id) === edited);
  return old && { status: 200, body: Object.assign(old, { body: String(body.body) }) };
}

function pullOf({ head, files }: FakePullRequest) {
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
