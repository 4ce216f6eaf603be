import { addBuild, type FakeBuild, HEAD, type Kind, NOT_FOUND, type Protocol, pageOf } from './fake-ci.js';

const WORKFLOW = '/repos/acme/app/actions/workflows/build.yml';
const RUNS = '/repos/acme/app/actions/runs';
const DECLARED = ['build_id', 'HOOKYARD_CALLBACK', 'BROWSER'];
/** Run ids are as GitHub has them: more than 32 bits. */
const FIRST = 30_433_642_000;

interface Dispatch {
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly return_run_details?: boolean;
}

/** Source: https://docs.github.com/en/rest/actions/workflows, …/actions/workflow-runs */
function protocol(token: string): Protocol {
  return {
    isAllowed: ({ headers }) => /^(?:token|bearer) (.*)$/i.exec(headers.authorization ?? '')?.[1] === token,
    isTrigger: ({ method, target }) => method === 'POST' && target === `${WORKFLOW}/dispatches`,
    answer(request, builds, url) {
      const { method, target, query } = request;
      const shown = (build: FakeBuild) => ({
        ...{ id: FIRST + build.id, name: 'Build', display_title: `Build for ${build.parameters.build_id}` },
        ...{ html_url: `${url}/acme/app/actions/runs/${FIRST + build.id}`, head_sha: build.sha },
        ...{ created_at: build.createdAt.toISOString(), event: 'workflow_dispatch' },
        ...(Object.hasOwn(githubActions.ends, build.word)
          ? { status: 'completed', conclusion: build.word }
          : { status: build.word, conclusion: null }),
      });
      if (this.isTrigger(request)) {
        const { ref, inputs, return_run_details } = request.body as Dispatch;
        const unknown = Object.keys(inputs).filter((name) => !DECLARED.includes(name));
        if (unknown.length > 0)
          return { status: 422, body: { message: `Unexpected inputs provided: ${JSON.stringify(unknown)}` } };
        const run = shown(addBuild(builds, { parameters: inputs, ref, sha: HEAD, word: 'queued' }));
        if (!return_run_details) return { status: 204 };
        return {
          status: 200,
          body: { workflow_run_id: run.id, run_url: `${url}${RUNS}/${run.id}`, html_url: run.html_url },
        };
      }
      if (method === 'GET' && target === WORKFLOW)
        return { status: 200, body: { id: 1, name: 'Build', state: 'active' } };
      if (method === 'GET' && target === '/repos/acme/app') return { status: 200, body: { full_name: 'acme/app' } };
      if (method === 'GET' && target === `${WORKFLOW}/runs`) {
        const since = Date.parse(/^>=(.+Z)$/.exec(query.get('created') ?? '')?.[1] ?? '');
        if (Number.isNaN(since) || query.get('event') !== 'workflow_dispatch') return { status: 422, body: {} };
        const listed = builds.filter(({ createdAt }) => createdAt.getTime() >= since).map(shown);
        const size = Math.min(Number(query.get('per_page') ?? 30), 100);
        const workflow_runs = pageOf(listed, { page: Number(query.get('page') ?? 1), size });
        return { status: 200, body: { total_count: listed.length, workflow_runs } };
      }
      const id = Number(/\/actions\/runs\/(\d+)(?:\/cancel)?$/.exec(target)?.[1]) - FIRST;
      const build = builds.find((one) => one.id === id);
      if (!build) return NOT_FOUND;
      if (method === 'GET') return { status: 200, body: shown(build) };
      if (method !== 'POST' || !target.endsWith('/cancel')) return NOT_FOUND;
      if (Object.hasOwn(githubActions.ends, build.word))
        return { status: 409, body: { message: 'Cannot cancel a workflow run that is completed.' } };
      Object.assign(build, { word: 'cancelled', cancelled: true });
      return { status: 202, body: {} };
    },
  };
}

export const githubActions: Kind = {
  protocol,
  settings: {
    kind: 'github-actions',
    source: 'actions',
    repository: 'acme/app',
    workflow: 'build.yml',
    correlation: 'build_id',
  },
  source: (url) => ({ actions: { kind: 'github', secrets: [{ env: 'HOOK' }], api: { url, token: { env: 'TOKEN' } } } }),
  ends: {
    success: 'passed',
    neutral: 'passed',
    skipped: 'passed',
    failure: 'failed',
    timed_out: 'failed',
    action_required: 'failed',
    startup_failure: 'failed',
    cancelled: 'cancelled',
  },
  goesOn: ['queued', 'in_progress', 'waiting', 'requested', 'pending'],
  main: 'main',
  tellsRepository: true,
  correlation: 'build_id',
};
