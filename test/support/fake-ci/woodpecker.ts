import { addBuild, buildAt, type FakeBuild, HEAD, type Kind, NOT_FOUND, type Protocol, pageOf } from './fake-ci.js';

const REPOSITORY = '/api/repos/7';

/** Source: https://woodpecker-ci.org/api */
function protocol(token: string): Protocol {
  return {
    isAllowed: ({ headers }) => headers.authorization === `Bearer ${token}`,
    isTrigger: ({ method, target }) => method === 'POST' && target === `${REPOSITORY}/pipelines`,
    answer(request, builds) {
      const { method, target } = request;
      const shown = (build: FakeBuild) => ({
        ...{ id: build.id + 500, number: build.id, event: 'manual', branch: build.ref, commit: build.sha },
        ...{ status: build.word, created: build.createdAt.getTime() / 1000, variables: build.parameters },
      });
      if (this.isTrigger(request)) {
        const { branch, variables } = request.body as { branch: string; variables: Record<string, string> };
        // No workflow is for the event: nothing is made.
        if (branch === 'filtered') return { status: 204, headers: { 'pipeline-filtered': 'true' } };
        return {
          status: 200,
          body: shown(addBuild(builds, { parameters: variables, ref: branch, sha: HEAD, word: 'pending' })),
        };
      }
      if (method === 'GET' && target === REPOSITORY) return { status: 200, body: { id: 7, full_name: 'acme/app' } };
      if (method === 'GET' && target === `${REPOSITORY}/pipelines`) {
        const { query } = request;
        if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(query.get('after') ?? ''))
          return { status: 400, body: 'parsing time' };
        const after = Date.parse(query.get('after') ?? '');
        const listed = builds.filter(({ createdAt }) => createdAt.getTime() > after).map(shown);
        const size = Math.min(Number(query.get('perPage') ?? 50), 50);
        return { status: 200, body: pageOf(listed, { page: Number(query.get('page') ?? 1), size }) };
      }
      const build = buildAt(request, /\/pipelines\/(\d+)(?:\/cancel)?$/, builds);
      if (!build) return NOT_FOUND;
      if (method === 'POST' && target.endsWith('/cancel')) {
        if (Object.hasOwn(woodpecker.ends, build.word))
          return { status: 400, body: 'Cannot cancel a non-running pipeline' };
        Object.assign(build, { word: 'killed', cancelled: true });
        return { status: 204 };
      }
      return method === 'GET' ? { status: 200, body: shown(build) } : NOT_FOUND;
    },
  };
}

export const woodpecker: Kind = {
  protocol,
  settings: { kind: 'woodpecker', repository: 7 },
  ends: {
    success: 'passed',
    skipped: 'passed',
    failure: 'failed',
    error: 'failed',
    declined: 'failed',
    killed: 'cancelled',
    canceled: 'cancelled',
  },
  goesOn: ['pending', 'running', 'blocked'],
  main: 'main',
  tellsRepository: true,
  correlation: 'HOOKYARD_BUILD',
};
