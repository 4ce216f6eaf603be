import { addBuild, buildAt, type FakeBuild, type Kind, NOT_FOUND, type Protocol } from './fake-ci.js';

interface Start {
  readonly params: Readonly<Record<string, unknown>> & {
    readonly ref?: { readonly name: string };
    readonly sha?: string;
  };
  readonly callbackUrl?: string;
  readonly run: string;
  readonly idempotencyKey: string;
}

/** A service of one's own, as docs/remote-builds.md describes it: it knows a repeat by its key. */
function protocol(token: string): Protocol {
  return {
    isAllowed: ({ headers }) => headers.authorization === `Bearer ${token}`,
    isTrigger: ({ method, target }) => method === 'POST' && target === '/start',
    answer(request, builds, url) {
      const { method, target, headers } = request;
      const shown = ({ id }: FakeBuild) => {
        const at = `${url}/builds/${id}`;
        return { statusUrl: at, cancelUrl: `${at}/cancel`, url: `${at}/page` };
      };
      const ofKey = (key: string) => builds.find(({ parameters }) => parameters.idempotencyKey === key);
      if (this.isTrigger(request)) {
        const { params, callbackUrl = '', run, idempotencyKey } = request.body as Start;
        if (headers['idempotency-key'] !== idempotencyKey || !idempotencyKey.startsWith(`${run}/`))
          return { status: 400, body: { message: 'another key' } };
        const { ref, sha, ...rest } = params;
        const parameters = { ...rest, idempotencyKey, HOOKYARD_CALLBACK: callbackUrl } as Record<string, string>;
        const build = ofKey(idempotencyKey) ?? addBuild(builds, { parameters, ref: ref?.name, sha, word: 'queued' });
        return { status: 201, body: shown(build) };
      }
      const isLost = method === 'POST' && target === '/cancel';
      const key = (request.body as Partial<Start> | undefined)?.idempotencyKey ?? '';
      const build = isLost ? ofKey(key) : buildAt(request, /^\/builds\/(\d+)(?:\/cancel)?$/, builds);
      if (!build) return NOT_FOUND;
      if (method === 'POST' && target.endsWith('/cancel')) {
        if (Object.hasOwn(http.ends, build.word)) return { status: 409, body: { message: 'It has ended.' } };
        Object.assign(build, { word: 'cancelled', cancelled: true });
        return { status: 202 };
      }
      return method === 'GET' ? { status: 200, body: { status: build.word, url: shown(build).url } } : NOT_FOUND;
    },
  };
}

export const http: Kind = {
  protocol,
  settings: { kind: 'http' },
  more: (url) => ({ url: `${url}/start`, cancelUrl: `${url}/cancel` }),
  ends: { passed: 'passed', failed: 'failed', cancelled: 'cancelled' },
  goesOn: ['queued', 'running'],
  main: 'main',
  correlation: 'idempotencyKey',
  callback: {},
  tellsCommits: 'never',
  finds: 'by key',
};
