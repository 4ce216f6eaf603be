import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../../../../config/config.js';
import { isImageName } from '../../../../runs/image-name.js';
import type { ContainerImage } from '../../../contract/index.js';
import { notConfigured } from '../../../failures.js';
import { callEngine, type Engine, proxies } from './engine.js';

/** An image that is at hand. */
export interface FoundImage {
  /** By which it is run: its name may lead to another one by then. */
  readonly id: string;
  /** As a registry has it, `node@sha256:…`; the id of one that none has. */
  readonly digest: string;
}

/** What an image is looked for with. */
export interface ImageOptions {
  readonly config: Pick<Config, 'jobs'>;
  readonly engine: Engine;
  /** Of the engine's client; no step sees it. */
  readonly clientFolder: string;
  readonly signal: AbortSignal;
  readonly note: (text: string) => Promise<void>;
}

/** In milliseconds. */
const INSPECT_MS = 30_000;
const PULL_MS = 15 * 60_000;

const inspected = z.tuple([z.object({ Id: z.string().min(1), RepoDigests: z.array(z.string()).nullish() })]);

/**
 * Returns the image of a job's containers, pulled where it is not at hand. Throws `NotConfigured` for a name that is none, or credentials
 * that are not configured, and why it can't be pulled, as the engine says it.
 */
export async function findImage({ image, registry }: ContainerImage, options: ImageOptions): Promise<FoundImage> {
  const { config, engine, clientFolder, signal, note } = options;
  if (!isImageName(image)) throw notConfigured(`runner: ${JSON.stringify(image)} is not the name of an image`);
  const auth = JSON.stringify(registry === undefined ? {} : authOf(image, { registry, config }));
  const inspect = async (): Promise<FoundImage> => {
    const [{ Id: id, RepoDigests }] = inspected.parse(
      JSON.parse(await callEngine(engine, ['image', 'inspect', image], { timeoutMs: INSPECT_MS, signal })),
    );
    return { id, digest: RepoDigests?.[0] ?? id };
  };
  if (config.jobs.container.pull === 'missing') {
    const found = await inspect().catch(() => undefined);
    if (found) return found;
  }
  await note(`pull the image ${image}`);
  await mkdir(clientFolder, { recursive: true, mode: 0o700 });
  const file = join(clientFolder, 'config.json');
  const isPodman = engine.kind === 'podman';
  try {
    // Never on a command line, which other users can read.
    await writeFile(file, auth, { mode: 0o600 });
    await callEngine(engine, ['pull', '--quiet', ...(isPodman ? ['--authfile', file] : []), image], {
      ...{ timeoutMs: PULL_MS, signal },
      env: { ...proxies(), ...(!isPodman && { DOCKER_CONFIG: clientFolder }) },
    });
  } catch (error) {
    throw new Error(`the image ${image} can't be had: ${(error as Error).message}`);
  } finally {
    await rm(file, { force: true });
  }
  return inspect();
}

/** Returns what a client's file of credentials holds. Source: https://man.archlinux.org/man/containers-auth.json.5 */
function authOf(image: string, { registry, config }: { registry: string; config: Pick<Config, 'jobs'> }): object {
  const { registries } = config.jobs.container;
  const known = Object.hasOwn(registries, registry) ? registries[registry] : undefined;
  if (!known)
    throw notConfigured(
      `runner: the registry "${registry}" is not configured: add jobs.container.registries.${registry} to hookyard.config.ts`,
    );
  const server = serverOf(image);
  if (known.server !== server)
    throw notConfigured(
      `runner: the registry "${registry}" is ${known.server}, and the image ${image} lies at ${server}`,
    );
  if (!known.password) throw notConfigured(`runner: jobs.container.registries.${registry} has no password`);
  const auth = Buffer.from(`${known.username}:${known.password.reveal()}`).toString('base64');
  // Docker's own registry has a name of its own there.
  const names = server === 'docker.io' ? ['https://index.docker.io/v1/', server] : [server];
  return { auths: Object.fromEntries(names.map((name) => [name, { auth }])) };
}

function serverOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
