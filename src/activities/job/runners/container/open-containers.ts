import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../../config/config.js';
import type { ContainerImage } from '../../../contract/index.js';
import { notConfigured } from '../../../failures.js';
import { BACKGROUND_VARIABLE, WORKSPACE_VARIABLE } from '../../kill-by-env.js';
import { GRACE_PERIODS } from '../../process-group.js';
import { hostRunner } from '../host-runner.js';
import type { Runner, RunnerOptions } from '../runner.js';
import { openSandbox } from '../sandbox/open-sandbox.js';
import type { Engine } from './engine.js';
import { findEngine, isEngine } from './find-engine.js';
import { HOLD, holdContainer } from './hold-container.js';
import { findImage } from './image.js';
import { findImageShell } from './image-shell.js';
import { noteContainers, removeContainers } from './remove-containers.js';
import { boundsOf, type ContainersOf, mountsOf, userOf } from './run-options.js';
import { startContainer } from './start-container.js';
import { stepEnvironment } from './step-environment.js';

/** What containers are opened for. */
export interface ContainerOptions extends Pick<ContainersOf, 'workspace'> {
  readonly config: Pick<Config, 'data' | 'jobs'>;
  readonly image?: ContainerImage | undefined;
  /** Steps reach what the engine's network leads to, and not each other alone. */
  readonly network: boolean;
  /** The code may be a stranger's. */
  readonly isStrangers: boolean;
  /** Ends the wait for the image. */
  readonly signal: AbortSignal;
  readonly note: (text: string) => Promise<void>;
}

/** In a workspace's folder: the client's own. No step sees it. */
const CLIENT_FOLDER = 'engine';

/**
 * Opens the containers of one job: one for each step, and one whose network they share. Throws `NotConfigured` where this machine has no
 * engine or the job no image, with what to do, and why an image can't be pulled or run, as the engine says it.
 */
export async function openContainers(options: ContainerOptions): Promise<Runner> {
  const { config, workspace, image, network, isStrangers, signal, note } = options;
  if (!image)
    throw notConfigured(
      "runner: 'container' needs an image: { image: 'node:22' }, or jobs.container.image in hookyard.config.ts",
    );
  const engine = await engineFor(config);
  const { folder } = workspace;
  const clientFolder = join(folder, CLIENT_FOLDER);
  await mkdir(clientFolder, { recursive: true, mode: 0o700 });
  const { id, digest } = await findImage(image, { config, engine, clientFolder, signal, note });
  await noteContainers(folder);
  const of: ContainersOf = { config, engine: withOwnFolder(engine, clientFolder), workspace };
  const holder = `hookyard-${randomUUID()}`;
  const run = (name: string, ...more: readonly string[]) => ['run', '--name', name, ...boundsOf(of), ...more];
  const shell = (script: string) => ['--entrypoint', '/bin/sh', id, '-c', script];
  const marks = { [WORKSPACE_VARIABLE]: folder };
  const letGo = await holdContainer(of.engine, {
    args: run(holder, '--interactive', ...userOf(engine), ...networkOf(config, network), ...shell(HOLD)),
    ...{ marks, signal },
  }).catch(async (error: Error) => {
    await removeContainers(of.engine, folder).catch(() => undefined);
    throw new Error(`no container of ${image.image} can be run: ${error.message}`);
  });

  const stepOf = ({ command, args, cwd, env, shares }: RunnerOptions, kind: 'piped' | 'terminal') => {
    const name = `hookyard-${randomUUID()}`;
    const idFile = join(clientFolder, name);
    const { options: variables, client, script } = stepEnvironment(env);
    const background = env[BACKGROUND_VARIABLE];
    return {
      ...{ engine: of.engine, name, idFile },
      args: [
        ...run(name, '--cidfile', idFile, ...userOf(engine, holder), '--network', `container:${holder}`),
        ...(kind === 'terminal' ? ['--interactive', ...(process.stdin.isTTY ? ['--tty'] : [])] : []),
        ...[...mountsOf(workspace, shares), '--workdir', cwd, ...variables, ...shell(script), 'sh', command, ...args],
      ],
      env: {
        ...of.engine.env,
        ...client,
        ...marks,
        ...(background !== undefined && { [BACKGROUND_VARIABLE]: background }),
      },
    };
  };
  let tools: Promise<Runner> | undefined;
  return {
    kind: 'container',
    inWords: `in containers of ${image.image} (${digest}), by ${inWords(engine)}, ${network ? 'with' : 'without'} network`,
    findShell: findImageShell,
    start: (program, gracePeriods = GRACE_PERIODS) => startContainer(stepOf(program, 'piped'), gracePeriods),
    attach: (program) => {
      const { args, env } = stepOf(program, 'terminal');
      return spawn(engine.program, args, { cwd: '/', env, stdio: 'inherit' });
    },
    // Images need not have them.
    tools: () => {
      tools ??= openSandbox({ config, workspace, isStrangers, network: false }).catch((error: Error) => {
        if (isStrangers) throw error;
        return hostRunner;
      });
      return tools;
    },
    async close() {
      letGo();
      await (await tools?.catch(() => undefined))?.close();
      await removeContainers(of.engine, folder).catch((error: Error) =>
        note(`its containers may still run: ${error.message}`),
      );
    },
  };
}

async function engineFor(config: ContainerOptions['config']): Promise<Engine> {
  const found = await findEngine(config);
  if (isEngine(found)) return found;
  throw notConfigured(
    `the job is to run in containers, which this worker can't make: ${found.because}. ${found.advice}`,
  );
}

/** The user's own may have the client hand proxies on to containers. */
function withOwnFolder(engine: Engine, folder: string): Engine {
  return engine.kind === 'docker' ? { ...engine, env: { ...engine.env, DOCKER_CONFIG: folder } } : engine;
}

function networkOf({ jobs }: ContainerOptions['config'], network: boolean): string[] {
  if (!network) return ['--network', 'none'];
  return jobs.container.network === undefined ? [] : ['--network', jobs.container.network];
}

function inWords({ kind, version, isRootless }: Engine): string {
  return `${kind} ${version}${isRootless ? ' without rights of root' : ''}`;
}
