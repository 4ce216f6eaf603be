import { z } from 'zod';
import { basic } from '../http/auth-headers.js';
import { buildsSince } from './builds-since.js';
import { cancelIn } from './cancel-build.js';
import { connectApi, path } from './connection.js';
import { asTexts, fullName, parametersOf } from './parameters.js';
import type { BuildOutcome, CiAccess, RemoteCi } from './remote-ci.js';
import type { CiSettings } from './settings.js';
import { commit, madeOf, number, page, urlOf, wholeName } from './shapes.js';

const links = z.object({ web: z.object({ href: page }).optional() }).optional();
const parameters = z.record(z.string(), z.unknown()).nullish();
const runSchema = z.object({ id: number, templateParameters: parameters, _links: links });
const buildSchema = runSchema.extend({
  status: z.string(),
  result: z.string().optional(),
  queueTime: z.string().optional(),
  sourceVersion: commit,
});
const listSchema = z.object({ value: z.array(buildSchema) });

const VERSION = { 'api-version': '7.1' };
/** How many runs are asked for their parameters, to find one. */
const LOOKED_THROUGH = 200;
const PER_PAGE = 100;

/**
 * How a run ends. One that partially succeeded has steps that failed and were allowed to.
 *
 * Source: https://learn.microsoft.com/en-us/rest/api/azure/devops/build/builds/get
 */
const OUTCOMES: Readonly<Record<string, BuildOutcome>> = {
  succeeded: 'passed',
  partiallySucceeded: 'passed',
  failed: 'failed',
  canceled: 'cancelled',
};

/**
 * Returns the runs of a pipeline of Azure DevOps: they are made as runs, and looked at and cancelled as builds, which have the same ids.
 *
 * Source: https://learn.microsoft.com/en-us/rest/api/azure/devops/pipelines/runs/run-pipeline
 */
export function azurePipelines(settings: CiSettings<'azure-pipelines'>, access: CiAccess): RemoteCi {
  const { project, correlation: parameter } = settings;
  const api = connectApi(
    {
      ...{ base: settings.url, token: settings.token, allowPrivate: settings.allowPrivate },
      headers: (token) => ({ authorization: basic('', token) }),
    },
    access,
  );
  const pipeline = path`/${project}/_apis/pipelines/${String(settings.pipeline)}`;
  const builds = path`/${project}/_apis/build/builds`;

  const get = (id: string) => api.get({ path: `${builds}${path`/${id}`}`, query: VERSION }, buildSchema);
  const reach = () => api.get({ path: pipeline, query: VERSION }, z.object({ name: z.string() }));

  async function parametersOfRun(id: string) {
    const run = await api.find({ path: `${pipeline}${path`/runs/${id}`}`, query: VERSION }, runSchema);
    return run?.templateParameters;
  }

  return {
    async trigger({ ref, sha, ...build }) {
      const refName = ref && fullName(ref);
      const version = wholeName(sha);
      const self = { refName, ...(version !== undefined && { version }) };
      const body = {
        templateParameters: asTexts(parametersOf({ ref, sha, ...build }, settings)),
        ...(refName !== undefined && { resources: { repositories: { self } } }),
      };
      const answer = await api.ask({ method: 'POST', path: `${pipeline}/runs`, query: VERSION, body });
      const { id, _links } = api.read(answer, runSchema);
      return { id, ...urlOf(_links?.web?.href) };
    },

    /** Lists may leave parameters out; each run has its own. */
    async find({ since, correlation }) {
      const query = {
        ...{ definitions: settings.pipeline, minTime: new Date(since).toISOString() },
        ...{ queryOrder: 'queueTimeDescending', $top: PER_PAGE, ...VERSION },
      };
      const listed = buildsSince(
        async (continuationToken) => {
          const answer = await api.send({ path: builds, query: { ...query, continuationToken } });
          return { items: api.read(answer, listSchema).value, next: answer.headers['x-ms-continuationtoken'] };
        },
        { since, most: LOOKED_THROUGH, madeAt: ({ queueTime }) => Date.parse(queueTime ?? '') },
      );
      for await (const { id, templateParameters, _links } of listed) {
        const given = templateParameters?.[parameter] ?? (await parametersOfRun(id))?.[parameter];
        if (given === correlation) return { id, ...urlOf(_links?.web?.href) };
      }
      return undefined;
    },

    async look({ id }) {
      const { status, result = '', sourceVersion, _links } = await get(id);
      const outcome = status === 'completed' ? (OUTCOMES[result] ?? 'failed') : undefined;
      return { outcome, conclusion: result || status, ...madeOf(sourceVersion), ...urlOf(_links?.web?.href) };
    },

    /** 400 and 409: it has ended, or can't be cancelled. */
    async cancel({ id }) {
      const request = { method: 'PATCH', path: `${builds}${path`/${id}`}`, query: VERSION } as const;
      const isOver = async () => ['completed', 'cancelling'].includes((await get(id)).status);
      const cancelling = { request: { ...request, body: { status: 'cancelling' } }, ambiguous: [400, 409] };
      await cancelIn(api, { ...cancelling, isOver, reach });
    },

    async check() {
      return { works: `reaches the pipeline ${(await reach()).name} of ${project}` };
    },
  };
}
