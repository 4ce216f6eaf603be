import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../../config/config.js';
import type { Workspace } from '../../workspace.js';
import { borrowedBy } from '../borrowed-by.js';
import type { RunnerOptions } from '../runner.js';
import type { Engine } from './engine.js';

/** The label that a job's containers are found by. Its value is the workspace's folder. */
export const LABEL = 'hookyard.workspace';

/** What a job's containers have in common. */
export interface ContainersOf {
  readonly config: { readonly jobs: Pick<Config['jobs'], 'container'> };
  readonly engine: Engine;
  readonly workspace: Pick<Workspace, 'folder' | 'source' | 'home' | 'temporary'>;
}

const MB = 1024 * 1024;
const IN_MEMORY = '256m';

/** Returns the options of `run` that all containers of a job have: who they are, what they may do and what they may take. */
export function boundsOf({ config, engine, workspace: { folder } }: ContainersOf): string[] {
  const { processes, megabytes = Math.max(64, Math.floor(totalmem() / MB / 2)) } = config.jobs.container;
  return [
    ...['--rm', '--pull', 'never', '--label', `${LABEL}=${folder}`],
    // The engine would keep what steps print, secrets included.
    ...['--log-driver', 'none', '--no-healthcheck'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    // What is written elsewhere would be gone with the step.
    ...['--read-only', '--tmpfs', `/run:rw,nosuid,nodev,mode=1777,size=${IN_MEMORY}`, '--shm-size', IN_MEMORY],
    ...['--pids-limit', String(processes), '--memory', `${megabytes}m`],
    // Its client would hand the worker's own on, with their passwords.
    ...(engine.kind === 'podman' ? ['--http-proxy=false'] : []),
  ];
}

/** Returns the options by which what a container writes is the worker's user's, and no other's. `holder`: see {@link holdContainer}. */
export function userOf({ kind, isRootless, remapsUsers }: Engine, holder?: string): string[] {
  const own = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  if (kind === 'podman' && isRootless)
    return ['--userns', holder === undefined ? 'keep-id' : `container:${holder}`, '--user', own];
  // Its root is the user that has started it.
  if (isRootless) return ['--user', '0:0'];
  return [...(remapsUsers ? ['--userns', 'host'] : []), '--user', own];
}

/** Returns the options that mount what steps see of this machine: the workspace, at the same paths, and the objects that it borrows. */
export function mountsOf(
  { source, home, temporary, folder }: ContainersOf['workspace'],
  { readable = [], writable = [] }: NonNullable<RunnerOptions['shares']> = {},
): string[] {
  const written = [source, home, temporary, join(folder, 'step'), ...writable].filter(existsSync);
  const read = [...borrowedBy(folder), ...readable].filter(existsSync);
  return [
    ...written.map((path) => bind(path, path)),
    ...['/tmp', '/var/tmp'].map((path) => bind(temporary, path)),
    ...read.map((path) => bind(path, path, 'readonly')),
  ].flatMap((mount) => ['--mount', mount]);
}

/** Engines read it as a line of CSV. */
function bind(from: string, to: string, ...more: string[]): string {
  const fields = ['type=bind', `source=${from}`, `target=${to}`, ...more];
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
