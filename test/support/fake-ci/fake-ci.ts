import { type Answer, type LocalServer, type Received, type Reply, startServer } from '../harness/http-server.js';

/** A build that a service was asked for. */
export interface FakeBuild {
  readonly id: number;
  readonly parameters: Readonly<Record<string, string>>;
  /** As the service was told. */
  readonly ref: string | undefined;
  readonly sha?: string | undefined;
  readonly createdAt: Date;
  /** The service's word for its state. */
  word: string;
  /** It was asked to end it. */
  cancelled: boolean;
}

/** What comes instead of the answer to the next request for a build; `lost`: the build is made, and the connection cut. */
export type Fault = 'lost' | Reply;

/** A CI service that keeps to its documented API. */
export interface FakeCi extends LocalServer {
  readonly builds: FakeBuild[];
  /** The next are dealt with first. */
  readonly faults: Fault[];
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
  /** The service's words for its states: each end with its outcome, and those in which it goes on. */
  readonly ends: Readonly<Record<string, 'passed' | 'failed' | 'cancelled'>>;
  readonly goesOn: readonly string[];
  /** What the service calls the branch `main`, and the name of the parameter that has our id. */
  readonly main: string | undefined;
  readonly correlation: string;
}

export async function startFakeCi(protocol: Protocol): Promise<FakeCi> {
  const builds: FakeBuild[] = [];
  const faults: Fault[] = [];
  const server: LocalServer = await startServer((request) => {
    if (!protocol.isAllowed(request)) return { status: 401, body: { message: '401 Unauthorized' } };
    const answer = () => protocol.answer(request, builds, server.url);
    if (!protocol.isTrigger(request)) return answer();
    const fault = faults.shift();
    if (fault !== 'lost') return fault ?? answer();
    answer();
    return 'drop';
  });
  return { ...server, builds, faults };
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

export const NOT_FOUND: Reply = { status: 404, body: { message: '404 Not Found' } };
