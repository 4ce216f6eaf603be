import { z } from 'zod';
import { bearer } from '../http/auth-headers.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import { type CiAccess, type EndedBuild, type RemoteCi, RemoteCiError } from './remote-ci.js';
import type { CiSettings } from './settings.js';
import { number, page, urlOf } from './shapes.js';

const buildSchema = z.object({ number, state: z.string(), blocked: z.boolean().default(false), web_url: page });

/**
 * How a build ends. One that was skipped made room for a newer one, and one that was not run is not meant for its branch.
 *
 * Source: https://buildkite.com/docs/pipelines/configure/defining-steps#build-states
 */
const OUTCOMES: Readonly<Record<string, EndedBuild['outcome']>> = {
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

  return {
    /** Parameters are variables of its environment. Our id is its meta-data, which lists of builds are searched by. */
    async trigger({ ref, sha = 'HEAD', ...build }) {
      if (!ref) throw new RemoteCiError('refused', 'needs a branch or a tag: name one in ref');
      const { [key]: id, ...env } = asTexts(parametersOf(build, settings));
      const body = { branch: ref.name, commit: sha, message: 'Triggered by Hookyard', env, meta_data: { [key]: id } };
      const made = api.read(await api.ask({ method: 'POST', path: builds, body }), buildSchema);
      return { id: made.number, ...urlOf(made.web_url) };
    },

    async find({ correlation }) {
      const query = { [`meta_data[${key}]`]: correlation, per_page: 1 };
      const [found] = await api.get({ path: builds, query }, z.array(buildSchema));
      return found && { id: found.number, ...urlOf(found.web_url) };
    },

    /** One that is blocked has the state of what has run so far, and waits for somebody to let it on. */
    async look({ id }) {
      const { state, blocked, web_url } = await api.get({ path: `${builds}${path`/${id}`}` }, buildSchema);
      const outcome = Object.hasOwn(OUTCOMES, state) && !blocked ? OUTCOMES[state] : undefined;
      return outcome && { outcome, conclusion: state, ...urlOf(web_url) };
    },

    /** 422: it has ended. */
    async cancel({ id }) {
      await api.send({ method: 'PUT', path: `${builds}${path`/${id}/cancel`}`, accept: [404, 422] });
    },

    async check() {
      await api.get({ path: builds, query: { per_page: 1 } }, z.array(buildSchema));
      return { works: `reaches the builds of ${organization}/${pipeline}` };
    },
  };
}
