import { z } from 'zod';
import { basic } from '../http/auth-headers.js';
import { buildsSince } from './builds-since.js';
import { cancelIn } from './cancel-build.js';
import { connectApi, path } from './connection.js';
import { asTexts, parametersOf } from './parameters.js';
import {
  type BuildOutcome,
  type BuildState,
  type CiAccess,
  type LostBuild,
  type MadeBuild,
  type RemoteCi,
  RemoteCiError,
} from './remote-ci.js';
import { leadsTo } from './repository-name.js';
import type { CiSettings } from './settings.js';
import { commit, number, page, urlOf } from './shapes.js';

const parameters = z.array(z.object({ name: z.string(), value: z.unknown().optional() })).optional();
/** What the Git plugin has checked out: one for each repository, those of shared libraries too. */
const lastBuiltRevision = z.object({ SHA1: commit }).nullish();
/** Where that came from. */
const remoteUrls = z.array(z.string()).nullish();
/** Each action has what its plugin says; some are empty objects, and some say nothing of this. */
const actions = z.array(z.object({ parameters, lastBuiltRevision, remoteUrls }).nullable()).default([]);
const itemSchema = z.object({
  cancelled: z.boolean().default(false),
  executable: z.object({ number }).nullish(),
});
const queueSchema = z.object({
  items: z.array(z.object({ id: number, actions })).default([]),
});
const buildSchema = z.object({ number, url: page, building: z.boolean(), result: z.string().nullish(), actions });
const buildsSchema = z.object({
  allBuilds: z.array(z.object({ number, url: page, timestamp: z.number().optional(), actions })).default([]),
});
const jobSchema = z.object({
  property: z
    .array(z.object({ parameterDefinitions: z.array(z.object({ name: z.string() })).optional() }).nullable())
    .default([]),
});

/** Where a build is: in the queue, taken out of it, on an executor or done, or forgotten. */
type Place = 'taken out' | 'gone' | { readonly item: string } | { readonly number: string };

/** How many builds are looked through for one. */
const LOOKED_THROUGH = 1000;
const PER_PAGE = 100;
/** How long ago a build whose item of the queue is forgotten may have begun, in milliseconds. */
const FORGOTTEN_SINCE_MS = 7 * 24 * 3_600_000;
/** How far its clock may be behind ours, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** Parameters that are given to jobs that declare them. */
const REF = 'HOOKYARD_REF';
const COMMIT = 'HOOKYARD_COMMIT';

/**
 * How a build ends. An unstable one has run to its end and found something wrong, such as tests that fail.
 *
 * Source: https://javadoc.jenkins.io/hudson/model/Result.html
 */
const OUTCOMES: Readonly<Record<string, BuildOutcome>> = {
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
  async function find({ correlation, since }: Omit<LostBuild, 'ref'>): Promise<MadeBuild | undefined> {
    const queued = { tree: 'items[id,actions[parameters[name,value]]]' };
    const { items } = await api.get({ path: '/queue/api/json', query: queued }, queueSchema);
    const item = items.find(({ actions }) => carries(actions, correlation));
    if (item) return { id: `queue:${item.id}` };
    const listed = buildsSince(
      async (at = '0') => {
        const next = Number(at) + PER_PAGE;
        // Those that `builds` lists are the newest 100.
        const tree = `allBuilds[number,url,timestamp,actions[parameters[name,value]]]{${at},${next}}`;
        const { allBuilds } = await api.get({ path: `${job}/api/json`, query: { tree } }, buildsSchema);
        return { items: allBuilds, next: String(next) };
      },
      { since, most: LOOKED_THROUGH, madeAt: ({ timestamp = Number.NaN }) => timestamp },
    );
    for await (const { number, url, actions } of listed)
      if (carries(actions, correlation)) return { id: `build:${number}`, ...urlOf(url) };
    return undefined;
  }

  async function placeOf({ id, correlation }: Pick<MadeBuild, 'id'> & Pick<LostBuild, 'correlation'>): Promise<Place> {
    const { kind, number } = parsed(id);
    if (kind === 'build') return { number };
    const item = await api.find({ path: path`/queue/item/${number}/api/json` }, itemSchema);
    if (item) return item.cancelled ? 'taken out' : (item.executable ?? { item: number });
    const found = await find({ correlation, since: Date.now() - FORGOTTEN_SINCE_MS });
    if (!found) return 'gone';
    const now = parsed(found.id);
    return now.kind === 'build' ? { number: now.number } : { item: now.number };
  }

  async function stop(number: string): Promise<void> {
    const request = { method: 'POST', path: `${job}${path`/${number}/stop`}`, accept: [302, 303] } as const;
    await cancelIn(api, { request, reach: declared });
  }

  return {
    find,

    /** What a job does not declare, Jenkins leaves out without a word: our id too, by which the build is found. */
    async trigger(build) {
      const known = await declared();
      const { correlation, callback } = settings;
      const named = [correlation, callback, settings.ref, settings.commit];
      const ifDeclared = (name: string) => (known.includes(name) && !named.includes(name) ? name : undefined);
      const { ref = ifDeclared(REF), commit = ifDeclared(COMMIT) } = settings;
      const form = asTexts(parametersOf(build, { correlation, callback, ref, commit }));
      const lacks = Object.keys(form).filter((name) => !known.includes(name));
      if (lacks.length > 0)
        throw new RemoteCiError(
          'refused',
          `has a job ${settings.job} that declares no parameter ${lacks.join(', ')}: declare it there as a string`,
        );
      const since = Date.now();
      const { headers } = await api.ask({ method: 'POST', path: `${job}/buildWithParameters`, form });
      // The host in it is what Jenkins calls itself, and may be unknown here.
      const item = /\/queue\/item\/(\d+)\/?$/.exec(headers.location ?? '')?.[1];
      if (item !== undefined) return { id: `queue:${item}` };
      return { since: since - CLOCK_SKEW_MS };
    },

    async look(build) {
      const place = await placeOf(build);
      if (place === 'taken out') return { outcome: 'cancelled', conclusion: 'taken out of the queue' };
      if (place === 'gone')
        throw new RemoteCiError('unusable', 'has neither its item in the queue nor a build with our id');
      if ('item' in place) return { outcome: undefined, conclusion: 'queued' };
      const query = { tree: 'number,url,building,result,actions[lastBuiltRevision[SHA1],remoteUrls]' };
      const at = `${job}${path`/${place.number}/api/json`}`;
      const { building, result, url, actions } = await api.get({ path: at, query }, buildSchema);
      if (building || result == null) return { outcome: undefined, conclusion: 'running', ...urlOf(url) };
      return {
        outcome: OUTCOMES[result] ?? 'failed',
        conclusion: result,
        ...revisionsOf(actions, build.repository),
        ...urlOf(url),
      };
    },

    /**
     * What is stopped is answered by a redirect to a page, and what is not there any more by 404. An item that has left the queue meanwhile is
     * a build, and is answered by either.
     */
    async cancel(build) {
      const place = await placeOf(build);
      if (typeof place !== 'object') return;
      if ('number' in place) return stop(place.number);
      const request = {
        method: 'POST',
        path: '/queue/cancelItem',
        query: { id: place.item },
        accept: [302, 303],
      } as const;
      await cancelIn(api, { request, reach: declared });
      const now = await placeOf(build);
      if (typeof now !== 'object') return;
      if ('number' in now) return stop(now.number);
      throw new RemoteCiError('unusable', `has not taken item ${now.item} out of its queue`);
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

/**
 * Returns what was checked out of the repository, at the build's end: while it runs, more may come. A pipeline's Jenkinsfile and its shared
 * libraries are checked out of theirs by the same plugin.
 */
function revisionsOf(all: z.output<typeof actions>, repository: string | undefined): Pick<BuildState, 'commits'> {
  const commits = all.flatMap((action) => {
    const { lastBuiltRevision, remoteUrls } = action ?? {};
    const isOfOthers = repository !== undefined && remoteUrls && !remoteUrls.some((url) => leadsTo(repository, url));
    return isOfOthers ? [] : (lastBuiltRevision?.SHA1 ?? []);
  });
  return commits.length === 0 ? {} : { commits };
}
