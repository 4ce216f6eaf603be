import { z } from 'zod';
import { isOnPath } from '../on-path.js';
import { callEngine, clientEnvironment, type Engine } from './engine.js';

/** Why no container can be made on this machine, and what to do. */
export interface NoEngine {
  readonly because: string;
  readonly advice: string;
}

/** The first is more often without rights of root. */
const PROGRAMS = ['podman', 'docker'];
/** In milliseconds. */
const ANSWER_MS = 15_000;

const dockerInfo = z.object({ ServerVersion: z.string().min(1), SecurityOptions: z.array(z.string()).nullish() });
const podmanInfo = z.object({
  host: z.object({ security: z.object({ rootless: z.boolean() }) }),
  version: z.object({ Version: z.string() }),
});

/** What of the configuration says which engine it is. */
export interface WhichEngine {
  readonly jobs: { readonly container?: { readonly engine?: string | undefined } };
}

/** Returns the configured engine, or the first of this machine's that answers; else why there is none. */
export async function findEngine({ jobs }: WhichEngine): Promise<Engine | NoEngine> {
  const engine = jobs.container?.engine;
  let because: string | undefined;
  for (const program of engine === undefined ? PROGRAMS : [engine]) {
    if (!program.includes('/') && !(await isOnPath(program))) continue;
    try {
      return await ask(program);
    } catch (error) {
      because ??= (error as Error).message;
    }
  }
  if (because !== undefined) return { because, advice: 'Start it, and let the user of the worker use it' };
  return {
    because: engine === undefined ? 'neither podman nor docker is installed' : `the program ${engine} is not there`,
    advice: 'Install podman (apt-get install podman, dnf install podman), or docker',
  };
}

/** Returns whether an engine was found. */
export function isEngine(found: Engine | NoEngine): found is Engine {
  return 'program' in found;
}

/** Throws where what a program answers is no engine's answer. */
async function ask(program: string): Promise<Engine> {
  const called = { program, env: clientEnvironment() };
  const call = (...args: string[]) => callEngine(called, args, { timeoutMs: ANSWER_MS });
  // Docker's name may be podman's.
  const isPodman = /^podman version/i.test(await call('--version'));
  if (isPodman) {
    const { host, version } = podmanInfo.parse(JSON.parse(await call('info', '--format', 'json')));
    const { rootless: isRootless } = host.security;
    return { ...called, kind: 'podman', version: version.Version, isRootless, remapsUsers: false };
  }
  const { ServerVersion, SecurityOptions } = dockerInfo.parse(JSON.parse(await call('info', '--format', '{{json .}}')));
  const has = (name: string) => SecurityOptions?.some((one) => one.split(',').includes(`name=${name}`)) === true;
  // The client's own folder, which says it, may also have it hand proxies on to containers, with their passwords.
  const host = await call('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}');
  const { DOCKER_CONTEXT: _, ...env } = called.env;
  return {
    ...{ program, kind: 'docker', version: ServerVersion },
    ...{ isRootless: has('rootless'), remapsUsers: has('userns') },
    env: { ...env, DOCKER_HOST: host },
  };
}
