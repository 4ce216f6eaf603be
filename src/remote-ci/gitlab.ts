import { z } from 'zod';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import type { CiAccess, EndedBuild, RemoteCi } from './remote-ci.js';
import { RemoteCiError } from './remote-ci.js';
import type { CiSettings } from './settings.js';
import { number, page, urlOf } from './shapes.js';

const pipelineSchema = z.object({ id: number, status: z.string(), web_url: page });
const listSchema = z.array(pipelineSchema.extend({ created_at: z.iso.datetime({ offset: true }).optional() }));
const variablesSchema = z.array(z.object({ key: z.string(), value: z.string() }));

/** How many pipelines are asked for their variables, to find one. */
const LOOKED_THROUGH = 30;

/**
 * How a pipeline ends. `manual`, `scheduled` and `canceling` are not among them: somebody is waited for, or the cancelling is. One that
 * was skipped did all that it should.
 *
 * Source: https://docs.gitlab.com/api/pipelines/#list-project-pipelines
 */
const OUTCOMES: Readonly<Record<string, EndedBuild['outcome']>> = {
  success: 'passed',
  skipped: 'passed',
  failed: 'failed',
  canceled: 'cancelled',
};

/** Returns GitLab's pipelines. Source: https://docs.gitlab.com/api/pipelines/ */
export function gitlab(settings: CiSettings<'gitlab'>, access: CiAccess): RemoteCi {
  const { project, correlation: variable } = settings;
  const api = connectApi(
    {
      ...{ base: `${settings.url.replace(/\/+$/, '')}/api/v4`, token: settings.token },
      ...{ headers: (token) => ({ 'private-token': token }), allowPrivate: settings.allowPrivate },
    },
    access,
  );
  const pipelines = path`/projects/${project}/pipelines`;

  return {
    async trigger({ ref, ...build }) {
      if (!ref) throw new RemoteCiError('refused', 'needs a branch or a tag: name one in ref');
      const variables = Object.entries(asTexts(parametersOf(build, settings))).map(([key, value]) => ({ key, value }));
      const request = { method: 'POST', path: path`/projects/${project}/pipeline` } as const;
      const answer = await api.ask({ ...request, body: { ref: ref.name, variables } });
      const { id, web_url } = api.read(answer, pipelineSchema);
      return { id, ...urlOf(web_url) };
    },

    /** No list tells variables: each pipeline that it can be is asked for its own. Whoever triggered one may read them. */
    async find({ ref, since, correlation }) {
      const query = {
        ...{ source: 'api', ref: ref?.name, updated_after: new Date(since).toISOString() },
        ...{ order_by: 'id', sort: 'desc', per_page: LOOKED_THROUGH },
      };
      const listed = await api.get({ path: pipelines, query }, listSchema);
      for (const { id, web_url, created_at } of listed) {
        if (created_at !== undefined && Date.parse(created_at) < since) continue;
        const variables = await api.find({ path: `${pipelines}${path`/${id}/variables`}` }, variablesSchema);
        const isIt = variables?.some(({ key, value }) => key === variable && value === correlation);
        if (isIt) return { id, ...urlOf(web_url) };
      }
      return undefined;
    },

    async look({ id }) {
      const { status, web_url } = await api.get({ path: `${pipelines}${path`/${id}`}` }, pipelineSchema);
      const outcome = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
      return outcome && { outcome, conclusion: status, ...urlOf(web_url) };
    },

    /** One that has ended is answered as it is. */
    async cancel({ id }) {
      await api.send({ method: 'POST', path: `${pipelines}${path`/${id}/cancel`}`, accept: [404] });
    },

    async check() {
      await api.get({ path: pipelines, query: { per_page: 1 } }, listSchema);
      return { works: `reaches the pipelines of ${project}` };
    },
  };
}
