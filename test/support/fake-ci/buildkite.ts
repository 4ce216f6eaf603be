import { addBuild, buildAt, type FakeBuild, type Kind, NOT_FOUND, type Protocol } from './fake-ci.js';

const BUILDS = '/v2/organizations/acme/pipelines/shop/builds';

interface NewBuild {
  readonly branch: string;
  readonly commit: string;
  readonly env: Readonly<Record<string, string>>;
  readonly meta_data: Readonly<Record<string, string>>;
}

/** Source: https://buildkite.com/docs/apis/rest-api/builds */
function protocol(token: string): Protocol {
  return {
    isAllowed: ({ headers }) => headers.authorization === `Bearer ${token}`,
    isTrigger: ({ method, target }) => method === 'POST' && target === BUILDS,
    answer(request, builds, url) {
      const { method, target, query } = request;
      const shown = (build: FakeBuild) => ({
        ...{
          id: `018e-${build.id}`,
          number: build.id,
          commit: build.sha,
          web_url: `${url}/acme/shop/builds/${build.id}`,
        },
        ...(build.word === 'blocked' ? { state: 'passed', blocked: true } : { state: build.word, blocked: false }),
      });
      if (this.isTrigger(request)) {
        const { branch, commit, env, meta_data } = request.body as NewBuild;
        if (!branch || !commit) return { status: 422, body: { message: 'Validation failed' } };
        const parameters = { ...env, ...meta_data };
        const made = addBuild(builds, { parameters, ref: branch, sha: commit, word: 'scheduled' });
        return { status: 201, body: shown(made) };
      }
      if (method === 'GET' && target === BUILDS) {
        const filter = [...query].find(([name]) => name.startsWith('meta_data['));
        const key = filter?.[0].slice('meta_data['.length, -1) ?? '';
        const listed = builds.filter(({ parameters }) => !filter || parameters[key] === filter[1]).reverse();
        return { status: 200, body: listed.map(shown).slice(0, Number(query.get('per_page') ?? 30)) };
      }
      const build = buildAt(request, /\/builds\/(\d+)(?:\/cancel)?$/, builds);
      if (!build) return NOT_FOUND;
      if (method === 'PUT' && target.endsWith('/cancel')) {
        if (Object.hasOwn(buildkite.ends, build.word))
          return { status: 422, body: { message: "Build can't be canceled because it's already finished." } };
        Object.assign(build, { word: 'canceled', cancelled: true });
      } else if (method !== 'GET') return NOT_FOUND;
      return { status: 200, body: shown(build) };
    },
  };
}

export const buildkite: Kind = {
  protocol,
  settings: { kind: 'buildkite', organization: 'acme', pipeline: 'shop' },
  ends: { passed: 'passed', failed: 'failed', not_run: 'failed', canceled: 'cancelled', skipped: 'cancelled' },
  goesOn: ['scheduled', 'creating', 'running', 'failing', 'blocked', 'canceling', 'waiting'],
  main: 'main',
  takesCommits: true,
  finds: 'by search',
  correlation: 'hookyard-build',
};
