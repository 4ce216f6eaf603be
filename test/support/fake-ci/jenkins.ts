import type { Received } from '../harness/http-server.js';
import { addBuild, buildAt, type FakeBuild, type Kind, NOT_FOUND, type Protocol } from './fake-ci.js';

const JOB = '/job/auth/job/shop%20floor';
/** What the job declares. */
const DECLARED = ['HOOKYARD_BUILD', 'HOOKYARD_CALLBACK', 'HOOKYARD_REF', 'HOOKYARD_COMMIT', 'BROWSER'];
/** States of the queue, before there is a build. */
const IN_QUEUE = ['queued', 'taken out'];

/** Source: https://www.jenkins.io/doc/book/using/remote-access-api/, and what a Jenkins shows under …/api/ */
function protocol(token: string): Protocol {
  const allowed = `Basic ${Buffer.from(`robot:${token}`).toString('base64')}`;
  const actions = ({ parameters }: FakeBuild) => [
    {},
    null,
    { parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) },
  ];
  return {
    isAllowed: ({ headers }) => headers.authorization === allowed,
    isTrigger: ({ method, target }) => method === 'POST' && target === `${JOB}/buildWithParameters`,
    answer(request, builds, url) {
      const { target, query } = request;
      const page = (build: FakeBuild) => `${url}${JOB}/${build.id}/`;
      if (this.isTrigger(request)) {
        const given = Object.entries(request.body as Record<string, string>);
        const parameters = Object.fromEntries(given.filter(([name]) => DECLARED.includes(name)));
        // The job's configuration checks out the commit that its parameter names.
        const { HOOKYARD_REF: ref, HOOKYARD_COMMIT: sha } = parameters;
        const { id } = addBuild(builds, { parameters, ref, sha, word: 'queued' });
        return { status: 201, headers: { location: `http://jenkins.internal/queue/item/${id}/` } };
      }
      if (target === `${JOB}/api/json` && query.get('tree')?.startsWith('property')) {
        const parameterDefinitions = DECLARED.map((name) => ({ name }));
        return { status: 200, body: { property: [{}, { parameterDefinitions }] } };
      }
      if (target === `${JOB}/api/json`) {
        const built = builds.filter(({ word }) => !IN_QUEUE.includes(word)).reverse();
        const [, list, from, to] = /^(\w+)\[.*\]\{(\d+),(\d+)\}$/.exec(query.get('tree') ?? '') ?? [];
        // `builds` are the newest hundred.
        const shown = built.slice(0, list === 'builds' ? 100 : undefined).slice(Number(from), Number(to));
        const body = shown.map((build) => ({
          ...{ number: build.id, url: page(build), timestamp: build.createdAt.getTime(), actions: actions(build) },
        }));
        return { status: 200, body: { [list ?? '']: body } };
      }
      if (target === '/queue/api/json') {
        const items = builds.filter(({ word }) => word === 'queued');
        return { status: 200, body: { items: items.map((build) => ({ id: build.id, actions: actions(build) })) } };
      }
      return onBuild(request, builds, page) ?? NOT_FOUND;
    },
  };
}

function onBuild(request: Received, builds: FakeBuild[], page: (build: FakeBuild) => string) {
  const { method, target, query } = request;
  if (method === 'POST' && target === '/queue/cancelItem') {
    const item = builds.find(({ id }) => String(id) === query.get('id'));
    if (item?.word !== 'queued') return NOT_FOUND;
    Object.assign(item, { cancelled: true, word: 'taken out' });
    return { status: 302, headers: { location: '/queue/' } };
  }
  const item = buildAt(request, /^\/queue\/item\/(\d+)\/api\/json$/, builds);
  if (item) {
    // It is forgotten some minutes after it has left the queue.
    if (item.word === 'forgotten') return NOT_FOUND;
    if (IN_QUEUE.includes(item.word))
      return { status: 200, body: { id: item.id, cancelled: item.cancelled, why: 'Waiting' } };
    return { status: 200, body: { id: item.id, cancelled: false, executable: { number: item.id, url: page(item) } } };
  }
  const build = buildAt(request, /^\/job\/auth\/job\/shop%20floor\/(\d+)\//, builds);
  if (!build || IN_QUEUE.includes(build.word)) return NOT_FOUND;
  if (method === 'POST' && target.endsWith('/stop')) {
    if (!Object.hasOwn(jenkins.ends, build.word)) build.word = 'ABORTED';
    build.cancelled = true;
    return { status: 302, headers: { location: page(build) } };
  }
  const ended = Object.hasOwn(jenkins.ends, build.word);
  return {
    status: 200,
    body: {
      ...{ number: build.id, url: page(build), building: !ended, result: ended ? build.word : null },
      // A shared library is checked out first.
      actions: [
        {},
        { lastBuiltRevision: { SHA1: 'd'.repeat(40) }, remoteUrls: ['https://git.example/acme/library.git'] },
        ...(ended && build.sha !== undefined
          ? [{ lastBuiltRevision: { SHA1: build.sha }, remoteUrls: ['git@git.example:Acme/app.git'] }]
          : []),
      ],
    },
  };
}

export const jenkins: Kind = {
  protocol,
  settings: { kind: 'jenkins', job: 'auth/shop floor', user: 'robot' },
  ends: { SUCCESS: 'passed', UNSTABLE: 'failed', FAILURE: 'failed', NOT_BUILT: 'failed', ABORTED: 'cancelled' },
  goesOn: ['queued', 'running', 'forgotten'],
  main: 'refs/heads/main',
  takesCommits: true,
  tellsCommits: 'at its end',
  correlation: 'HOOKYARD_BUILD',
};
