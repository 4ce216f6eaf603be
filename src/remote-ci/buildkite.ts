import { z } from 'zod';
import { bearer } from '../http/auth-headers.js';
import { cancelIn } from './cancel-build.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import { type BuildOutcome, type CiAccess, type RemoteCi, RemoteCiError } from './remote-ci.js';
import type { CiSettings } from './settings.js';
import { commit, madeOf, number, page, urlOf, wholeName } from './shapes.js';

const buildSchema = z.object({ number, state: z.string(), blocked: z.boolean().default(false), commit, web_url: page });

/**
 * How a build ends. One that was skipped made room for a newer one, and one that was not run is not meant for its branch.
 *
 * Source: https://buildkite.com/docs/pipelines/configure/defining-steps#build-states
 */
const OUTCOMES: Readonly<Record<string, BuildOutcome>> = {
  passed: 'passed',
  failed: 'failed',
  not_run: 'failed',
  canceled: 'cancelled',
  skipped: 'cancelled',
};

/** Returns the builds of a Buildkite pipeline. Source: https://buildkite.com/docs/apis/rest-api/builds */
export function buildkite(settings: CiSettings<'buildkite'>, access: CiAccess): RemoteCi {
  const { organization, pipeline, correlation: key } = settings;
  const api = connectApi(
    {
      ...{ base: settings.url, token: settings.token, allowPrivate: settings.allowPrivate },
      headers: (token) => ({ authorization: bearer(token) }),
    },
    access,
  );
  const builds = path`/v2/organizations/${organization}/pipelines/${pipeline}/builds`;
  const message = 'Triggered by Hookyard';
  const reach = () => api.get({ path: builds, query: { per_page: 1 } }, z.array(buildSchema));
  const get = (id: string) => api.get({ path: `${builds}${path`/${id}`}` }, buildSchema);
  const made = ({ number: id, web_url }: z.output<typeof buildSchema>) => ({ id, ...urlOf(web_url) });

  return {
    /** Parameters are variables of its environment. Our id is its meta-data, which lists of builds are searched by. */
    async trigger({ ref, sha: asked, ...build }) {
      if (!ref) throw new RemoteCiError('refused', 'needs a branch or a tag: name one in ref');
      const { [key]: id, ...env } = asTexts(parametersOf({ ref, sha: asked, ...build }, settings));
      const body = { branch: ref.name, commit: wholeName(asked) ?? 'HEAD', message, env, meta_data: { [key]: id } };
      return made(api.read(await api.ask({ method: 'POST', path: builds, body }), buildSchema));
    },

    async find({ correlation }) {
      const query = { [`meta_data[${key}]`]: correlation, per_page: 1 };
      const [found] = await api.get({ path: builds, query }, z.array(buildSchema));
      return found && made(found);
    },

    /** One that is blocked has the state of what has run so far, and waits for somebody to let it on. */
    async look({ id }) {
      const { state, blocked, commit, web_url } = await get(id);
      const outcome = Object.hasOwn(OUTCOMES, state) && !blocked ? OUTCOMES[state] : undefined;
      return { outcome, conclusion: blocked ? 'blocked' : state, ...madeOf(commit), ...urlOf(web_url) };
    },

    /** 422: it has ended, or can't be cancelled. */
    async cancel({ id }) {
      const request = { method: 'PUT', path: `${builds}${path`/${id}/cancel`}` } as const;
      const isOver = async () => [...Object.keys(OUTCOMES), 'canceling'].includes((await get(id)).state);
      await cancelIn(api, { request, ambiguous: [422], isOver, reach });
    },

    async check() {
      await reach();
      return { works: `reaches the builds of ${organization}/${pipeline}` };
    },
  };
}
