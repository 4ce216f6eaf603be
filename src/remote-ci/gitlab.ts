import { z } from 'zod';
import { buildsSince } from './builds-since.js';
import { cancelIn } from './cancel-build.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import type { BuildOutcome, CiAccess, RemoteCi } from './remote-ci.js';
import { RemoteCiError } from './remote-ci.js';
import { isSameRepository } from './repository-name.js';
import type { CiSettings } from './settings.js';
import { commit, madeOf, number, page, urlOf } from './shapes.js';

const pipelineSchema = z.object({ id: number, status: z.string(), sha: commit, web_url: page });
const listSchema = z.array(pipelineSchema.extend({ created_at: z.iso.datetime({ offset: true }).optional() }));
const projectSchema = z.object({ path_with_namespace: z.string() });
const variablesSchema = z.array(z.object({ key: z.string(), value: z.string() }));

/** How many pipelines are asked for their variables, to find one. */
const LOOKED_THROUGH = 200;
/** The largest page that GitLab allows. */
const PER_PAGE = 100;

/**
 * How a pipeline ends. `manual`, `scheduled` and `canceling` are not among them: somebody is waited for, or the cancelling is. One that
 * was skipped did all that it should.
 *
 * Source: https://docs.gitlab.com/api/pipelines/#list-project-pipelines
 */
const OUTCOMES: Readonly<Record<string, BuildOutcome>> = {
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
  const reach = () => api.get({ path: pipelines, query: { per_page: 1 } }, listSchema);
  const made = ({ id, web_url }: z.output<typeof pipelineSchema>) => ({ id, ...urlOf(web_url) });

  return {
    async trigger({ ref, ...build }) {
      if (!ref) throw new RemoteCiError('refused', 'needs a branch or a tag: name one in ref');
      const given = parametersOf({ ref, ...build }, settings);
      const variables = Object.entries(asTexts(given)).map(([key, value]) => ({ key, value }));
      const request = { method: 'POST', path: path`/projects/${project}/pipeline` } as const;
      const answer = await api.ask({ ...request, body: { ref: ref.name, variables } });
      return made(api.read(answer, pipelineSchema));
    },

    /**
     * No list tells variables: each pipeline that it can be is asked for its own. Whoever triggered one may read them, and others' are
     * shown to maintainers alone: 403 says that it is not ours.
     *
     * Source: https://docs.gitlab.com/api/pipelines/#retrieve-pipeline-variables
     */
    async find({ ref, since, correlation }) {
      const query = {
        ...{ source: 'api', ref: ref?.name, updated_after: new Date(since).toISOString() },
        ...{ order_by: 'id', sort: 'desc', per_page: PER_PAGE },
      };
      const listed = buildsSince(
        async (at) => {
          const answer = await api.send({ path: pipelines, query: { ...query, page: at ?? '1' } });
          return { items: api.read(answer, listSchema), next: answer.headers['x-next-page'] || undefined };
        },
        { since, most: LOOKED_THROUGH, madeAt: ({ created_at }) => Date.parse(created_at ?? '') },
      );
      for await (const pipeline of listed) {
        const request = { path: `${pipelines}${path`/${pipeline.id}/variables`}`, accept: [403, 404] };
        const answer = await api.send(request);
        const variables = answer.status < 300 ? api.read(answer, variablesSchema) : [];
        if (variables.some(({ key, value }) => key === variable && value === correlation)) return made(pipeline);
      }
      return undefined;
    },

    async look({ id }) {
      const { status, sha, web_url } = await api.get({ path: `${pipelines}${path`/${id}`}` }, pipelineSchema);
      const outcome = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
      return { outcome, conclusion: status, ...madeOf(sha), ...urlOf(web_url) };
    },

    /** A project that is named by its id, or by a path of before, says its path. */
    async isOf(_, repository) {
      if (isSameRepository(project, repository)) return true;
      const found = await api.find({ path: path`/projects/${project}` }, projectSchema);
      return found && isSameRepository(found.path_with_namespace, repository);
    },

    /** One that has ended is answered as it is. */
    async cancel({ id }) {
      const request = { method: 'POST', path: `${pipelines}${path`/${id}/cancel`}` } as const;
      await cancelIn(api, { request, reach });
    },

    async check() {
      await reach();
      return { works: `reaches the pipelines of ${project}` };
    },
  };
}
