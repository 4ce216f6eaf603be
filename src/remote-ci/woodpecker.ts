import { z } from 'zod';
import { bearer } from '../http/auth-headers.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import { type CiAccess, type EndedBuild, type RemoteCi, RemoteCiError } from './remote-ci.js';
import type { CiSettings } from './settings.js';
import { number } from './shapes.js';

const pipelineSchema = z.object({
  number,
  status: z.string(),
  variables: z.record(z.string(), z.string()).nullish(),
});

/** How many pipelines are looked through for one: the most that a page has. */
const LOOKED_THROUGH = 50;

/**
 * How a pipeline ends. `blocked` is not among them: somebody has to approve it.
 *
 * Source: https://github.com/woodpecker-ci/woodpecker/blob/main/server/model/const.go
 */
const OUTCOMES: Readonly<Record<string, EndedBuild['outcome']>> = {
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
  const made = (id: string) => ({ id, url: pageOf(id) });

  return {
    async trigger({ ref, ...build }) {
      if (ref?.kind === 'tag')
        throw new RemoteCiError('refused', `takes a branch, and ${ref.name} is a tag: name one in ref`);
      if (!ref) throw new RemoteCiError('refused', 'needs a branch: name one in ref');
      const body = { branch: ref.name, variables: asTexts(parametersOf(build, settings)) };
      const answer = await api.ask({ method: 'POST', path: `${repository}/pipelines`, body });
      if (answer.status === 204)
        throw new RemoteCiError('refused', 'made no pipeline: let one of its workflows run on the event manual');
      return made(api.read(answer, pipelineSchema).number);
    },

    async find({ correlation }) {
      const query = { page: 1, perPage: LOOKED_THROUGH };
      const listed = await api.get({ path: `${repository}/pipelines`, query }, z.array(pipelineSchema));
      const found = listed.find(({ variables }) => variables?.[variable] === correlation);
      return found && made(found.number);
    },

    async look({ id }) {
      const { status } = await api.get({ path: `${repository}${path`/pipelines/${id}`}` }, pipelineSchema);
      const outcome = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
      return outcome && { outcome, conclusion: status, url: pageOf(id) };
    },

    /** 400: it has ended. */
    async cancel({ id }) {
      await api.send({ method: 'POST', path: `${repository}${path`/pipelines/${id}/cancel`}`, accept: [400, 404] });
    },

    async check() {
      const { full_name } = await api.get({ path: repository }, z.object({ full_name: z.string() }));
      return { works: `reaches ${full_name}` };
    },
  };
}
