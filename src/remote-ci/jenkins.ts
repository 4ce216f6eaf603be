import { z } from 'zod';
import { basic } from '../http/auth-headers.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import {
  type CiAccess,
  type EndedBuild,
  type LostBuild,
  type MadeBuild,
  type RemoteCi,
  RemoteCiError,
} from './remote-ci.js';
import type { CiSettings } from './settings.js';
import { number, page, urlOf } from './shapes.js';

/** Each action has what its plugin says; some are empty objects, and some say nothing of parameters. */
const actions = z
  .array(
    z
      .object({ parameters: z.array(z.object({ name: z.string(), value: z.unknown().optional() })).optional() })
      .nullable(),
  )
  .default([]);
const itemSchema = z.object({
  cancelled: z.boolean().default(false),
  executable: z.object({ number }).nullish(),
});
const queueSchema = z.object({
  items: z.array(z.object({ id: number, actions })).default([]),
});
const buildSchema = z.object({ number, url: page, building: z.boolean(), result: z.string().nullish() });
const buildsSchema = z.object({ builds: z.array(z.object({ number, url: page, actions })).default([]) });
const jobSchema = z.object({
  property: z
    .array(z.object({ parameterDefinitions: z.array(z.object({ name: z.string() })).optional() }).nullable())
    .default([]),
});

/** Where a build is: in the queue, taken out of it, on an executor or done, or forgotten. */
type Place = 'queued' | 'taken out' | 'gone' | { readonly number: string };

/** How many builds are looked through for one. */
const LOOKED_THROUGH = 50;

/**
 * How a build ends. An unstable one has run to its end and found something wrong, such as tests that fail.
 *
 * Source: https://javadoc.jenkins.io/hudson/model/Result.html
 */
const OUTCOMES: Readonly<Record<string, EndedBuild['outcome']>> = {
  SUCCESS: 'passed',
  UNSTABLE: 'failed',
  FAILURE: 'failed',
  NOT_BUILT: 'failed',
  ABORTED: 'cancelled',
};

/**
 * Returns the builds of a Jenkins job. One begins as an item of the queue, whose id is `queue:39`, and becomes a build, `build:35`. Jenkins
 * forgets an item five minutes after it has left the queue: then its build is found by our id.
 *
 * Source: https://www.jenkins.io/doc/book/using/remote-access-api/
 */
export function jenkins(settings: CiSettings<'jenkins'>, access: CiAccess): RemoteCi {
  const { user, correlation: parameter } = settings;
  // Requests with an API token need no crumb: https://www.jenkins.io/doc/book/security/csrf-protection/
  const api = connectApi(
    {
      ...{ base: settings.url, token: settings.token },
      ...{ headers: (token) => ({ authorization: basic(user, token) }), allowPrivate: settings.allowPrivate },
    },
    access,
  );
  const names = settings.job.split('/').filter((name) => name !== '');
  const job = names.map((name) => path`/job/${name}`).join('');

  const carries = (all: z.output<typeof actions>, correlation: string) =>
    all.some((action) => action?.parameters?.some(({ name, value }) => name === parameter && value === correlation));

  async function declared(): Promise<readonly string[]> {
    const query = { tree: 'property[parameterDefinitions[name]]' };
    const { property } = await api.get({ path: `${job}/api/json`, query }, jobSchema);
    return property.flatMap((one) => one?.parameterDefinitions?.map(({ name }) => name) ?? []);
  }

  /** The queue comes first: what leaves it in between is a build by the time that these are listed. */
  async function find({ correlation }: Pick<LostBuild, 'correlation'>): Promise<MadeBuild | undefined> {
    const queued = { tree: 'items[id,actions[parameters[name,value]]]' };
    const { items } = await api.get({ path: '/queue/api/json', query: queued }, queueSchema);
    const item = items.find(({ actions }) => carries(actions, correlation));
    if (item) return { id: `queue:${item.id}` };
    const tree = `builds[number,url,actions[parameters[name,value]]]{0,${LOOKED_THROUGH}}`;
    const { builds } = await api.get({ path: `${job}/api/json`, query: { tree } }, buildsSchema);
    const built = builds.find(({ actions }) => carries(actions, correlation));
    return built && { id: `build:${built.number}`, ...urlOf(built.url) };
  }

  async function placeOf({ id, correlation }: Pick<MadeBuild, 'id'> & Pick<LostBuild, 'correlation'>): Promise<Place> {
    const { kind, number } = parsed(id);
    if (kind === 'build') return { number };
    const item = await api.find({ path: path`/queue/item/${number}/api/json` }, itemSchema);
    if (item) return item.cancelled ? 'taken out' : item.executable ? item.executable : 'queued';
    const found = await find({ correlation });
    if (!found) return 'gone';
    return found.id.startsWith('build:') ? parsed(found.id) : 'queued';
  }

  return {
    find,

    /** What a job does not declare, Jenkins leaves out without a word: our id too, by which the build is found. */
    async trigger(build) {
      const form = asTexts(parametersOf(build, settings));
      const known = await declared();
      const lacks = Object.keys(form).filter((name) => !known.includes(name));
      if (lacks.length > 0)
        throw new RemoteCiError(
          'refused',
          `the job declares no parameter ${lacks.join(', ')}: declare it there as a string`,
        );
      const { headers } = await api.ask({ method: 'POST', path: `${job}/buildWithParameters`, form });
      // The host in it is what Jenkins calls itself, and may be unknown here.
      const item = /\/queue\/item\/(\d+)\/?$/.exec(headers.location ?? '')?.[1];
      if (item !== undefined) return { id: `queue:${item}` };
      const found = await find(build);
      if (found) return found;
      throw new RemoteCiError('unusable', 'named no item of its queue, and lists none');
    },

    async look(build) {
      const place = await placeOf(build);
      if (place === 'queued') return undefined;
      if (place === 'taken out') return { outcome: 'cancelled', conclusion: 'taken out of the queue' };
      if (place === 'gone')
        throw new RemoteCiError('unusable', `has neither ${build.id} in its queue nor a build of it`);
      const query = { tree: 'number,url,building,result' };
      const at = `${job}${path`/${place.number}/api/json`}`;
      const { building, result, url } = await api.get({ path: at, query }, buildSchema);
      if (building || result == null) return undefined;
      return { outcome: OUTCOMES[result] ?? 'failed', conclusion: result, ...urlOf(url) };
    },

    /** What is stopped is answered by a redirect to a page, and what is not there any more by 404. */
    async cancel(build) {
      const accept = [302, 303, 404];
      const place = await placeOf(build);
      if (place === 'queued')
        await api.send({ method: 'POST', path: '/queue/cancelItem', query: { id: parsed(build.id).number }, accept });
      else if (typeof place === 'object')
        await api.send({ method: 'POST', path: `${job}${path`/${place.number}/stop`}`, accept });
    },

    async check() {
      const known = await declared();
      const works = `reaches the job ${settings.job}`;
      if (known.includes(parameter)) return { works };
      const advice = `declare it there as a string, or name another in builds.${access.name}.correlation`;
      return {
        works,
        lacks: { says: `the job declares no parameter ${parameter}, which carries Hookyard's id`, advice },
      };
    },
  };
}

function parsed(id: string): { readonly kind: 'queue' | 'build'; readonly number: string } {
  const [, kind, number] = /^(queue|build):(\d+)$/.exec(id) ?? [];
  if (kind === undefined || number === undefined) throw new RemoteCiError('refused', `${id} is no build of Jenkins`);
  return { kind: kind as 'queue' | 'build', number };
}
