import type { Answer } from '../harness/http-server.js';
import type { Route } from './route.js';

export interface FakeCheckRun {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string;
  status: string;
  conclusion: string | undefined;
  title: string;
  readonly annotations: Readonly<Record<string, unknown>>[];
}

export interface FakeCheckRuns {
  /** What was made, oldest first. */
  readonly checkRuns: FakeCheckRun[];
}

const INVALID: Answer = { status: 422, body: { message: 'Validation Failed' } };

/**
 * Makes check runs of `acme/app`, with at most 50 annotations a request, which are added to those before. Source:
 * https://docs.github.com/en/rest/checks/runs
 */
export function checkRuns({ checkRuns: runs }: FakeCheckRuns, { isApp }: { readonly isApp: boolean }): Route {
  return ({ asked, body, query }) => {
    const sha = /^GET \/repos\/acme\/app\/commits\/([0-9a-f]{40})\/check-runs$/.exec(asked)?.[1];
    if (sha) {
      const named = runs.filter((run) => run.head_sha === sha && run.name === query.get('check_name'));
      return { status: 200, body: { total_count: named.length, check_runs: named.map(shown) } };
    }
    const id = /^PATCH \/repos\/acme\/app\/check-runs\/(\d+)$/.exec(asked)?.[1];
    if (id === undefined && asked !== 'POST /repos/acme/app/check-runs') return undefined;
    if (!isApp) return { status: 403, body: { message: 'You must authenticate via a GitHub App.' } };
    const { status, conclusion, output, name, head_sha, external_id } = body as Readonly<Record<string, string>>;
    const {
      title,
      summary,
      annotations = [],
    } = (output ?? {}) as unknown as {
      title?: string;
      summary?: string;
      annotations?: Record<string, unknown>[];
    };
    if (!title || !summary || annotations.length > 50 || !annotations.every(isValid)) return INVALID;
    if ((status === 'completed') !== (conclusion !== undefined)) return INVALID;
    if (id !== undefined) {
      const run = runs.find((each) => each.id === Number(id));
      if (!run) return { status: 404, body: { message: 'Not Found' } };
      run.annotations.push(...annotations);
      Object.assign(run, { status, conclusion, title });
      return { status: 200, body: shown(run) };
    }
    if (!name || !head_sha || !external_id) return INVALID;
    const made = {
      id: runs.length + 1,
      name,
      head_sha,
      external_id,
      status: status ?? '',
      conclusion,
      title,
      annotations,
    };
    runs.push({ ...made, annotations: [...annotations] });
    return { status: 201, body: shown(made) };
  };
}

function shown({ annotations, ...run }: FakeCheckRun): object {
  return { ...run, output: { title: run.title, annotations_count: annotations.length } };
}

function isValid({
  path,
  start_line,
  end_line,
  start_column,
  end_column,
  annotation_level,
  message,
  title,
}: Record<string, unknown>): boolean {
  const isPath = typeof path === 'string' && path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
  const isPlace = Number(start_line) >= 1 && Number(end_line) >= Number(start_line) && start_column === end_column;
  const isKind = ['notice', 'warning', 'failure'].includes(String(annotation_level));
  const isText =
    typeof message === 'string' && message !== '' && message.length <= 64 * 1024 && String(title).length <= 255;
  return isPath && isPlace && isKind && isText;
}
