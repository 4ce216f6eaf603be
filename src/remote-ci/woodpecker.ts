import { z } from 'zod';
import { bearer } from '../http/auth-headers.js';
import { buildsSince } from './builds-since.js';
import { cancelIn } from './cancel-build.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import { type BuildOutcome, type CiAccess, type RemoteCi, RemoteCiError } from './remote-ci.js';
import { isSameRepository } from './repository-name.js';
import type { CiSettings } from './settings.js';
import { commit, madeOf, number } from './shapes.js';

const pipelineSchema = z.object({
  number,
  status: z.string(),
  commit,
  /** Unix time in seconds, which versions call differently. */
  created: z.number().optional(),
  created_at: z.number().optional(),
  variables: z.record(z.string(), z.string()).nullish(),
});

/** How many pipelines are looked through for one. */
const LOOKED_THROUGH = 1000;
/** The most that a page has. */
const PER_PAGE = 50;

/**
 * How a pipeline ends. `blocked` is not among them: somebody has to approve it.
 *
 * Source: https://github.com/woodpecker-ci/woodpecker/blob/main/server/model/const.go
 */
const OUTCOMES: Readonly<Record<string, BuildOutcome>> = {
  success: 'passed',
  skipped: 'passed',
  failure: 'failed',
  error: 'failed',
  declined: 'failed',
  killed: 'cancelled',
  canceled: 'cancelled',
};

/** Returns the pipelines of a repository in Woodpecker. Source: https://woodpecker-ci.org/api */
export function woodpecker(settings: CiSettings<'woodpecker'>, access: CiAccess): RemoteCi {
  const { correlation: variable } = settings;
  const url = settings.url.replace(/\/+$/, '');
  const api = connectApi(
    {
      ...{ base: `${url}/api`, token: settings.token, allowPrivate: settings.allowPrivate },
      headers: (token) => ({ authorization: bearer(token) }),
    },
    access,
  );
  const repository = path`/repos/${String(settings.repository)}`;
  const pageOf = (id: string) => `${url}${repository}/pipeline/${id}`;
  const made = ({ number: id }: z.output<typeof pipelineSchema>) => ({ id, url: pageOf(id) });
  const get = (id: string) => api.get({ path: `${repository}${path`/pipelines/${id}`}` }, pipelineSchema);
  const reach = () => api.get({ path: repository }, z.object({ full_name: z.string() }));

  return {
    async trigger({ ref, ...build }) {
      if (ref?.kind === 'tag')
        throw new RemoteCiError('refused', `takes a branch, and ${ref.name} is a tag: name one in ref`);
      if (!ref) throw new RemoteCiError('refused', 'needs a branch: name one in ref');
      const body = { branch: ref.name, variables: asTexts(parametersOf({ ref, ...build }, settings)) };
      const answer = await api.ask({ method: 'POST', path: `${repository}/pipelines`, body });
      if (answer.status === 204)
        throw new RemoteCiError('refused', 'made no pipeline: let one of its workflows run on the event manual');
      return made(api.read(answer, pipelineSchema));
    },

    async find({ since, correlation }) {
      // In whole seconds. A server that does not know it lists all.
      const query = { perPage: PER_PAGE, after: new Date(since).toISOString().replace(/\.\d+/, '') };
      const listed = buildsSince(
        async (at = '1') => {
          const request = { path: `${repository}/pipelines`, query: { ...query, page: at } };
          return { items: await api.get(request, z.array(pipelineSchema)), next: String(Number(at) + 1) };
        },
        {
          since,
          most: LOOKED_THROUGH,
          madeAt: ({ created, created_at }) => (created ?? created_at ?? Number.NaN) * 1000,
        },
      );
      for await (const pipeline of listed) if (pipeline.variables?.[variable] === correlation) return made(pipeline);
      return undefined;
    },

    async look({ id }) {
      const { status, commit } = await get(id);
      const outcome = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
      return { outcome, conclusion: status, ...madeOf(commit), url: pageOf(id) };
    },

    isOf: async (_, other) => isSameRepository((await reach()).full_name, other),

    /** 400: it has ended, or the request is none that Woodpecker takes. */
    async cancel({ id }) {
      const request = { method: 'POST', path: `${repository}${path`/pipelines/${id}/cancel`}` } as const;
      const isOver = async () => Object.hasOwn(OUTCOMES, (await get(id)).status);
      await cancelIn(api, { request, ambiguous: [400], isOver, reach });
    },

    async check() {
      return { works: `reaches ${(await reach()).full_name}` };
    },
  };
}
