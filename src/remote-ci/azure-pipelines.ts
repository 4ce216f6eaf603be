import { z } from 'zod';
import { basic } from '../http/auth-headers.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import type { CiAccess, EndedBuild, RemoteCi } from './remote-ci.js';
import type { CiSettings } from './settings.js';
import { number, page, urlOf } from './shapes.js';

const links = z.object({ web: z.object({ href: page }).optional() }).optional();
const parameters = z.record(z.string(), z.unknown()).nullish();
const runSchema = z.object({ id: number, templateParameters: parameters, _links: links });
const buildSchema = runSchema.extend({ status: z.string(), result: z.string().optional() });
const listSchema = z.object({ value: z.array(buildSchema) });

const VERSION = { 'api-version': '7.1' };
/** How many runs are looked through for one. */
const LOOKED_THROUGH = 50;

/**
 * How a run ends. One that partially succeeded has steps that failed and were allowed to.
 *
 * Source: https://learn.microsoft.com/en-us/rest/api/azure/devops/build/builds/get
 */
const OUTCOMES: Readonly<Record<string, EndedBuild['outcome']>> = {
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

  async function parametersOfRun(id: string) {
    const run = await api.find({ path: `${pipeline}${path`/runs/${id}`}`, query: VERSION }, runSchema);
    return run?.templateParameters;
  }

  return {
    async trigger({ ref, sha, ...build }) {
      const refName = ref && `refs/${ref.kind === 'tag' ? 'tags' : 'heads'}/${ref.name}`;
      const self = { refName, ...(sha !== undefined && { version: sha }) };
      const body = {
        templateParameters: asTexts(parametersOf(build, settings)),
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
        ...{ queryOrder: 'queueTimeDescending', $top: LOOKED_THROUGH, ...VERSION },
      };
      const { value } = await api.get({ path: builds, query }, listSchema);
      for (const { id, templateParameters, _links } of value) {
        const given = templateParameters?.[parameter] ?? (await parametersOfRun(id))?.[parameter];
        if (given === correlation) return { id, ...urlOf(_links?.web?.href) };
      }
      return undefined;
    },

    async look({ id }) {
      const build = await api.get({ path: `${builds}${path`/${id}`}`, query: VERSION }, buildSchema);
      const { status, result = '', _links } = build;
      const outcome = status === 'completed' ? (OUTCOMES[result] ?? 'failed') : undefined;
      return outcome && { outcome, conclusion: result || status, ...urlOf(_links?.web?.href) };
    },

    /** 400 and 409: it has ended. */
    async cancel({ id }) {
      const request = { method: 'PATCH', path: `${builds}${path`/${id}`}`, query: VERSION } as const;
      await api.send({ ...request, body: { status: 'cancelling' }, accept: [400, 404, 409] });
    },

    async check() {
      const { name } = await api.get({ path: pipeline, query: VERSION }, z.object({ name: z.string() }));
      return { works: `reaches the pipeline ${name} of ${project}` };
    },
  };
}
