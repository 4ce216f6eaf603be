import { addBuild, type FakeBuild, HEAD, type Kind, NOT_FOUND, type Protocol, pageOf } from './fake-ci.js';

const PIPELINES = '/api/v2/project/gh/acme/app/pipeline';
const DECLARED = ['build_id', 'HOOKYARD_CALLBACK', 'BROWSER'];
const START = 'pending';
/** Its first workflow makes the configuration; what that makes has not begun. */
const SETUP = ['setup-pending', 'setup'];
const PER_PAGE = 20;

/** Source: https://circleci.com/docs/api/v2/ */
function protocol(token: string): Protocol {
  return {
    isAllowed: ({ headers }) => headers['circle-token'] === token,
    isTrigger: ({ method, target }) => method === 'POST' && target === PIPELINES,
    answer(request, builds) {
      const { method, target } = request;
      const shown = (build: FakeBuild) => ({
        ...{ id: idOf(build.id), number: build.id, created_at: build.createdAt.toISOString() },
        ...{ state: [START, ...SETUP, 'errored'].includes(build.word) ? build.word : 'created' },
        ...{ trigger: { type: 'api' }, vcs: { branch: build.ref, revision: build.sha } },
      });
      if (this.isTrigger(request)) {
        const { branch, parameters } = request.body as { branch: string; parameters: Record<string, string> };
        const unknown = Object.keys(parameters).filter((name) => !DECLARED.includes(name));
        if (unknown.length > 0)
          return { status: 400, body: { message: `Unexpected argument(s): ${unknown.join(', ')}` } };
        return { status: 201, body: shown(addBuild(builds, { parameters, ref: branch, sha: HEAD, word: 'running' })) };
      }
      if (target === `${PIPELINES}/mine`) {
        const page = Number(request.query.get('page-token') ?? 1);
        const items = pageOf(builds.map(shown), { page, size: PER_PAGE });
        return {
          status: 200,
          body: { items, next_page_token: builds.length > page * PER_PAGE ? `${page + 1}` : null },
        };
      }
      const asked = at(target, /^\/api\/v2\/workflow\/([\w-]+)$/, builds);
      if (asked && method === 'GET')
        return { status: 200, body: workflowsOf(asked).find(({ id }) => id === idOf(asked.id)) ?? {} };
      const workflow = at(target, /^\/api\/v2\/workflow\/([\w-]+)\/cancel$/, builds);
      if (workflow && method === 'POST') {
        if (Object.hasOwn(circleci.ends, workflow.word)) return { status: 400, body: { message: 'It has ended.' } };
        Object.assign(workflow, { word: 'canceled', cancelled: true });
        return { status: 202, body: { message: 'Accepted.' } };
      }
      const build = at(target, /^\/api\/v2\/pipeline\/([\w-]+)(?:\/\w+)?$/, builds);
      if (!build || method !== 'GET') return NOT_FOUND;
      if (target.endsWith('/config'))
        return {
          status: 200,
          body: { source: 'version: 2.1', compiled: `environment:\n- ID: '${build.parameters.build_id}'\n` },
        };
      // A page of workflows has one, so that the rest is on the next.
      if (target.endsWith('/workflow')) {
        const page = Number(request.query.get('page-token') ?? 1);
        const all = workflowsOf(build);
        const next_page_token = all.length > page ? String(page + 1) : null;
        return { status: 200, body: { items: all.slice(page - 1, page), next_page_token } };
      }
      return { status: 200, body: shown(build) };
    },
  };
}

/** Two workflows: one that was run again after it had failed, and has passed, and one that has the state of the build. */
function workflowsOf(build: FakeBuild) {
  if ([START, 'setup-pending', 'errored'].includes(build.word)) return [];
  const at = (second: number) => new Date(build.createdAt.getTime() + second * 1000).toISOString();
  const setup = { id: idOf(9_002), name: 'setup', status: 'success', created_at: at(0), tag: 'setup' };
  if (['setup', 'setup alone'].includes(build.word)) return [setup];
  return [
    setup,
    { id: idOf(build.id), name: 'build', status: build.word, created_at: at(1) },
    { id: idOf(9_001), name: 'lint', status: 'success', created_at: at(3) },
    { id: idOf(9_000), name: 'lint', status: 'failed', created_at: at(2) },
  ];
}

function idOf(number: number): string {
  return `5034460f-c7c4-4c43-9457-${String(number).padStart(12, '0')}`;
}

function at(target: string, pattern: RegExp, builds: readonly FakeBuild[]): FakeBuild | undefined {
  const id = pattern.exec(target)?.[1];
  return builds.find((build) => idOf(build.id) === id);
}

export const circleci: Kind = {
  protocol,
  settings: { kind: 'circleci', project: 'gh/acme/app', correlation: 'build_id' },
  ends: {
    success: 'passed',
    failed: 'failed',
    error: 'failed',
    unauthorized: 'failed',
    errored: 'failed',
    canceled: 'cancelled',
  },
  goesOn: [START, ...SETUP, 'setup alone', 'running', 'failing', 'on_hold'],
  main: 'main',
  tellsRepository: true,
  correlation: 'build_id',
};
