import { addBuild, buildAt, type FakeBuild, type Kind, NOT_FOUND, type Protocol, pageOf } from './fake-ci.js';

const PIPELINE = '/acme/big%20shop/_apis/pipelines/12';
const BUILDS = '/acme/big%20shop/_apis/build/builds';
const DECLARED = ['buildId', 'HOOKYARD_CALLBACK', 'BROWSER'];

interface Run {
  readonly templateParameters: Readonly<Record<string, string>>;
  readonly resources: {
    readonly repositories: { readonly self: { readonly refName: string; readonly version: string } };
  };
}

/** Source: https://learn.microsoft.com/en-us/rest/api/azure/devops/pipelines/runs, …/build/builds */
function protocol(token: string): Protocol {
  const allowed = `Basic ${Buffer.from(`:${token}`).toString('base64')}`;
  return {
    isAllowed: ({ headers, query }) => headers.authorization === allowed && query.get('api-version') === '7.1',
    isTrigger: ({ method, target }) => method === 'POST' && target === `${PIPELINE}/runs`,
    answer(request, builds, url) {
      const { method, target, query } = request;
      const links = (build: FakeBuild) => ({
        _links: { web: { href: `${url}/acme/big%20shop/_build/results?buildId=${build.id}` } },
      });
      const asBuild = (build: FakeBuild) => {
        const ended = Object.hasOwn(azurePipelines.ends, build.word);
        const state = ended ? { status: 'completed', result: build.word } : { status: build.word };
        return {
          id: build.id,
          ...state,
          queueTime: build.createdAt.toISOString(),
          sourceVersion: build.sha,
          ...links(build),
        };
      };
      const asRun = (build: FakeBuild) => ({ id: build.id, templateParameters: build.parameters, ...links(build) });
      if (this.isTrigger(request)) {
        const { templateParameters, resources } = request.body as Run;
        const unknown = Object.keys(templateParameters).find((name) => !DECLARED.includes(name));
        if (unknown) return { status: 400, body: { message: `Unexpected parameter '${unknown}'` } };
        const { self } = resources.repositories;
        const build = { parameters: templateParameters, ref: self.refName, sha: self.version, word: 'notStarted' };
        return { status: 200, body: asRun(addBuild(builds, build)) };
      }
      if (method === 'GET' && target === PIPELINE) return { status: 200, body: { id: 12, name: 'nightly' } };
      if (method === 'GET' && target === BUILDS) {
        const since = Date.parse(query.get('minTime') ?? '');
        const listed = builds.filter(
          ({ createdAt }) => createdAt.getTime() >= since && query.get('definitions') === '12',
        );
        const size = Number(query.get('$top') ?? 1000);
        const page = Number(query.get('continuationToken') ?? 1);
        const headers = { ...(listed.length > page * size && { 'x-ms-continuationtoken': String(page + 1) }) };
        const value = pageOf(listed.map(asBuild), { page, size });
        return { status: 200, headers, body: { count: value.length, value } };
      }
      const run = buildAt(request, /\/pipelines\/12\/runs\/(\d+)$/, builds);
      if (run && method === 'GET') return { status: 200, body: asRun(run) };
      const build = buildAt(request, /\/build\/builds\/(\d+)$/, builds);
      if (!build) return NOT_FOUND;
      if (method === 'PATCH' && (request.body as { status: string }).status === 'cancelling') {
        if (Object.hasOwn(azurePipelines.ends, build.word))
          return { status: 409, body: { message: 'It has completed.' } };
        Object.assign(build, { word: 'canceled', cancelled: true });
      } else if (method !== 'GET') return NOT_FOUND;
      return { status: 200, body: asBuild(build) };
    },
  };
}

export const azurePipelines: Kind = {
  protocol,
  settings: { kind: 'azure-pipelines', project: 'big shop', pipeline: 12, correlation: 'buildId' },
  below: '/acme',
  ends: { succeeded: 'passed', partiallySucceeded: 'passed', failed: 'failed', canceled: 'cancelled' },
  goesOn: ['notStarted', 'postponed', 'inProgress', 'cancelling'],
  main: 'refs/heads/main',
  takesCommits: true,
  correlation: 'buildId',
};
