import { execa } from 'execa';

/** A container engine of this machine, as it answers. */
export interface Engine {
  /** A name or a path. */
  readonly program: string;
  readonly kind: 'docker' | 'podman';
  readonly version: string;
  /** It has no rights of root on this machine: who breaks out of a container is the engine's user. */
  readonly isRootless: boolean;
  /** It gives containers users of their own, unless told otherwise. */
  readonly remapsUsers: boolean;
  /** What its client is started with: none of what jobs set, nor of what the worker has beside. */
  readonly env: Readonly<Record<string, string>>;
}

/** How an engine's client is called. */
export interface EngineCall {
  /** In milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Beside {@link Engine.env}. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Of the worker's environment: where the engine is, and where its client keeps what it knows. */
const PASSED_ON = [
  ...['PATH', 'HOME', 'USER', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'DBUS_SESSION_BUS_ADDRESS'],
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'],
  ...['CONTAINER_HOST', 'CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF'],
];
/** By which images are fetched: podman's client does that itself. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
/** In characters. */
const MAX_SAID = 600;

/** Returns what an engine's client is started with. */
export function clientEnvironment(): Record<string, string> {
  return { LC_ALL: 'C', ...ofWorker(PASSED_ON) };
}

/** Returns what tells a client how to reach registries. Containers must not have it: there may be a password in it. */
export function proxies(): Record<string, string> {
  return ofWorker(PROXIES);
}

/** Calls an engine's client, and returns what it prints. Throws what it says where it fails, or does not answer in time. */
export async function callEngine(
  { program, env }: Pick<Engine, 'program' | 'env'>,
  args: readonly string[],
  { timeoutMs, signal, env: more = {} }: EngineCall,
): Promise<string> {
  const { failed, timedOut, isCanceled, stdout, stderr, code } = await execa(program, args, {
    ...{ cwd: '/', env: { ...env, ...more }, extendEnv: false, stdin: 'ignore', reject: false, timeout: timeoutMs },
    ...(signal && { cancelSignal: signal }),
  });
  if (!failed) return stdout.trim();
  const what = `${program} ${args[0]}`;
  if (isCanceled) throw new Error(`${what} was stopped`);
  if (timedOut) throw new Error(`${what} took more than ${timeoutMs / 1000} s`);
  throw new Error(`${what} failed: ${stderr.trim().slice(-MAX_SAID) || code || 'it said nothing'}`);
}

function ofWorker(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
