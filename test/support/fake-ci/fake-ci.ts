import { type Answer, type LocalServer, type Received, type Reply, startServer } from '../harness/http-server.js';

/** A build that a service was asked for. */
export interface FakeBuild {
  readonly id: number;
  readonly parameters: Readonly<Record<string, string>>;
  /** As the service was told. */
  readonly ref: string | undefined;
  /** The commit that it is made of. */
  sha?: string | undefined;
  createdAt: Date;
  /** The service's word for its state. */
  word: string;
  /** It was asked to end it. */
  cancelled: boolean;
}

/**
 * What comes instead of the answer to the next request for a build; `lost`: the build is made, and the connection
 * cut; `made`: it is made, and this is answered.
 */
export type Fault = 'lost' | Reply | { readonly made: Reply };

/** What stands before a service, or the service itself, answers to whoever is not signed in. */
export const SIGN_IN = {
  'a page to sign in': {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!DOCTYPE html>\n<title>Sign in</title>',
  },
  'a redirect to one': { status: 302, headers: { location: 'https://sso.example/login?from=%2F' } },
  'the page of Azure DevOps': { status: 203, headers: { 'content-type': 'text/html' }, body: '<html>Sign In</html>' },
} as const satisfies Readonly<Record<string, Reply>>;

/** A CI service that keeps to its documented API. */
export interface FakeCi extends LocalServer {
  readonly builds: FakeBuild[];
  /** The next are dealt with first. */
  readonly faults: Fault[];
  /** Answers every request with this while set. */
  instead?: Reply | undefined;
  /** Answers requests to cancel with this while set. */
  refuses?: Reply | undefined;
  /** Answers requests that change nothing with this while set. */
  blind?: Reply | undefined;
}

/** How a service is spoken to. What it does not know it answers with 404. */
export interface Protocol {
  isAllowed(request: Received): boolean;
  isTrigger(request: Received): boolean;
  answer(request: Received, builds: FakeBuild[], url: string): Answer;
}

/** What the tests have to know of a kind. */
export interface Kind {
  readonly protocol: (token: string) => Protocol;
  /** Of `builds.<name>`, beside url, token and allowPrivate. */
  readonly settings: Readonly<Record<string, unknown>> & { readonly kind: string };
  /** What the url has beyond the server's. */
  readonly below?: string;
  /** Other settings that name the server. */
  readonly more?: (url: string) => object;
  /** The service's words for its states: each end with its outcome, and those in which it goes on. */
  readonly ends: Readonly<Record<string, 'passed' | 'failed' | 'cancelled'>>;
  readonly goesOn: readonly string[];
  /** What the service calls the branch `main`, and the name of the parameter that has our id. */
  readonly main: string | undefined;
  readonly correlation: string;
  /** Settings that have it call back. Default: a parameter of the name HOOKYARD_CALLBACK. */
  readonly callback?: object;
  /** Whether it can be made of a commit that is not the branch's head. */
  readonly takesCommits?: true;
  /** Whether it tells that it builds `acme/app`. */
  readonly tellsRepository?: true;
  /** When it tells the commits that a build is made of. Default: at once. */
  readonly tellsCommits?: 'never' | 'at its end';
  /** How it is asked for by the credentials of a source, instead of a URL and a token of its own. */
  readonly source?: (url: string) => object;
  /** How a build is found again whose answer was lost. Default: in lists. */
  readonly finds?: 'by key' | 'by search';
}

export async function startFakeCi(protocol: Protocol): Promise<FakeCi> {
  const builds: FakeBuild[] = [];
  const faults: Fault[] = [];
  const more: Pick<FakeCi, 'instead' | 'refuses' | 'blind'> = {};
  const server: LocalServer = await startServer((request) => {
    if (more.instead) return more.instead;
    if (!protocol.isAllowed(request)) return { status: 401, body: { message: '401 Unauthorized' } };
    const answer = () => protocol.answer(request, builds, server.url);
    if (more.blind && request.method === 'GET') return more.blind;
    if (!protocol.isTrigger(request)) return more.refuses && request.method !== 'GET' ? more.refuses : answer();
    const fault = faults.shift();
    if (fault === undefined) return answer();
    if (fault !== 'lost' && !('made' in fault)) return fault;
    answer();
    return fault === 'lost' ? 'drop' : fault.made;
  });
  return Object.assign(more, server, { builds, faults });
}

/** Adds a build as a service makes it. */
export function addBuild(
  builds: FakeBuild[],
  build: Pick<FakeBuild, 'parameters' | 'ref' | 'sha' | 'word'>,
): FakeBuild {
  const made = { ...build, id: 40 + builds.length, createdAt: new Date(), cancelled: false };
  builds.push(made);
  return made;
}

/** Returns the build that a request names by what the pattern catches in its path. */
export function buildAt(request: Received, pattern: RegExp, builds: readonly FakeBuild[]): FakeBuild | undefined {
  const id = pattern.exec(request.target)?.[1];
  return builds.find((build) => String(build.id) === id);
}

/** The commit that all branches are at. */
export const HEAD = 'c'.repeat(40);

/** Returns a page of a list, newest first. */
export function pageOf<T>(items: readonly T[], { page, size }: { page: number; size: number }): readonly T[] {
  return [...items].reverse().slice((page - 1) * size, page * size);
}

export const NOT_FOUND: Reply = { status: 404, body: { message: '404 Not Found' } };

/** Returns the settings of a build at a service, and the sources that it needs; the variable `TOKEN` holds its token. */
export function settingsOf(kind: Kind, url: string, { calls = false }: { calls?: boolean } = {}) {
  const { settings, below = '', more, source, callback = { callback: 'HOOKYARD_CALLBACK' } } = kind;
  const address = source ? {} : { url: `${url}${below}`, token: { env: 'TOKEN' }, allowPrivate: true };
  const build = { ...settings, ...address, ...more?.(url), ...(calls && callback) };
  return { build, sources: source?.(url) ?? {} };
}
