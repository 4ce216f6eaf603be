import { addBuild, buildAt, type FakeBuild, HEAD, type Kind, NOT_FOUND, type Protocol, pageOf } from './fake-ci.js';

const PROJECT = '/api/v4/projects/acme%2Fapp';

/** Source: https://docs.gitlab.com/api/pipelines/ */
function protocol(token: string): Protocol {
  return {
    isAllowed: ({ headers }) => headers['private-token'] === token,
    isTrigger: ({ method, target }) => method === 'POST' && target === `${PROJECT}/pipeline`,
    answer(request, builds, url) {
      const { method, target, query } = request;
      const shown = (build: FakeBuild) => ({
        ...{ id: build.id, status: build.word, ref: build.ref, sha: build.sha, source: 'api' },
        ...{ created_at: build.createdAt.toISOString(), web_url: `${url}/acme/app/-/pipelines/${build.id}` },
      });
      if (this.isTrigger(request)) {
        const { ref, variables } = request.body as { ref: string; variables: { key: string; value: string }[] };
        if (ref === 'nowhere') return { status: 400, body: { message: { base: ['Reference not found'] } } };
        const parameters = Object.fromEntries(variables.map(({ key, value }) => [key, value]));
        return { status: 201, body: shown(addBuild(builds, { parameters, ref, sha: HEAD, word: 'created' })) };
      }
      if (method === 'GET' && target === PROJECT) return { status: 200, body: { path_with_namespace: 'acme/app' } };
      if (method === 'GET' && target === `${PROJECT}/pipelines`) {
        const after = Date.parse(query.get('updated_after') ?? '1970-01-01');
        const listed = builds.filter(
          ({ ref, createdAt }) => [null, ref].includes(query.get('ref')) && createdAt.getTime() > after,
        );
        const size = Math.min(Number(query.get('per_page') ?? 20), 100);
        const page = Number(query.get('page') ?? 1);
        const next = listed.length > page * size ? String(page + 1) : '';
        return { status: 200, headers: { 'x-next-page': next }, body: pageOf(listed.map(shown), { page, size }) };
      }
      const build = buildAt(request, /\/pipelines\/(\d+)(?:\/variables|\/cancel)?$/, builds);
      if (!build) return NOT_FOUND;
      if (method === 'GET' && target.endsWith('/variables')) {
        // Those of others are maintainers' to read.
        if (build.parameters.OF_OTHERS) return { status: 403, body: { message: '403 Forbidden' } };
        const variables = Object.entries(build.parameters).map(([key, value]) => ({
          key,
          value,
          variable_type: 'env_var',
        }));
        return { status: 200, body: variables };
      }
      if (method === 'POST' && target.endsWith('/cancel')) {
        build.cancelled = true;
        if (!Object.hasOwn(gitlab.ends, build.word)) build.word = 'canceled';
      } else if (method !== 'GET') return NOT_FOUND;
      return { status: 200, body: shown(build) };
    },
  };
}

export const gitlab: Kind = {
  protocol,
  settings: { kind: 'gitlab', project: 'acme/app' },
  ends: { success: 'passed', skipped: 'passed', failed: 'failed', canceled: 'cancelled' },
  goesOn: ['created', 'waiting_for_resource', 'preparing', 'pending', 'running', 'manual', 'scheduled', 'canceling'],
  main: 'main',
  tellsRepository: true,
  correlation: 'HOOKYARD_BUILD',
};
