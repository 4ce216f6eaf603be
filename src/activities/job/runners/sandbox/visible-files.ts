import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../../../config/config.js';
import { built, packageRoot } from '../../../../paths.js';
import { SOCKET, socketFolderOf } from '../../../checkout/socket-folder.js';
import type { Workspace } from '../../workspace.js';
import { workspaceRoots } from '../../workspace-root.js';
import { borrowedBy } from '../borrowed-by.js';
import { ETC, FILES, OWN_ETC } from './system-files.js';

/** What is shown of this machine in a sandbox. */
export interface VisibleFilesOptions {
  readonly config: Pick<Config, 'data' | 'jobs'> & Partial<Pick<Config, 'file' | 'secretFiles'>>;
  readonly workspace: Pick<Workspace, 'folder' | 'source' | 'home' | 'temporary'>;
  /** More that can be read, or written. */
  readonly shares?: { readonly readable?: readonly string[]; readonly writable?: readonly string[] } | undefined;
}

/** Where programs and their libraries are. On many systems all but the first are links into it. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Of the kernel's files those that tell of the machine, and which a worker that runs as root could read. */
const KERNEL = ['kcore', 'keys', 'key-users', 'kallsyms', 'kmsg', 'timer_list', 'sched_debug', 'slabinfo'];
/** What all may write to: the workspace's own folder for temporary files. */
const TEMPORARY = ['/tmp', '/var/tmp'];
/** In bytes: of each folder that lies in memory. */
const IN_MEMORY = String(256 * 1024 * 1024);

/**
 * Returns how bubblewrap is told what a sandbox sees, as its arguments: the system's programs and what these read of `/etc`, Node's own
 * folders, what the configuration adds, the objects that the checkout borrows, all of it read-only; and the workspace. Nothing else is
 * there: no home, no data folder, no sockets of services.
 */
export function visibleFiles({ config, workspace, shares = {} }: VisibleFilesOptions): string[] {
  const { folder, source, home, temporary } = workspace;
  const more = config.jobs.sandbox.readable;
  const nodes = nodeFolders();
  const read = [...borrowedBy(folder), ...credentialsOf(folder), ...(shares.readable ?? [])];
  const written = [source, home, temporary, join(folder, 'step'), ...(shares.writable ?? [])].filter(existsSync);
  const shown = [...SYSTEM, ...ETC, ...nodes, ...more];
  const masked = hidden(config, shown);
  return [
    ...SYSTEM.flatMap(systemFolder),
    ...nodes.flatMap(ro),
    ...['--bind', join(folder, FILES, OWN_ETC), '/etc'],
    ...ETC.filter(isFolder).flatMap(ro),
    ...['--proc', '/proc'],
    ...KERNEL.map((name) => `/proc/${name}`)
      .filter((path) => existsSync(path))
      .flatMap((path) => ['--ro-bind', '/dev/null', path]),
    // A worker that runs as root could write the kernel's settings there.
    ...['--remount-ro', '/proc'],
    ...['--dev', '/dev', '--size', IN_MEMORY, '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', IN_MEMORY, '--tmpfs', '/run', '--symlink', '/run', '/var/run'],
    ...TEMPORARY.flatMap((path) =>
      // Steps may have put links there, which the way to other places must not lead over.
      [...more, ...read, ...written, ...masked].some((other) => isBelow(other, [path]))
        ? ['--size', IN_MEMORY, '--tmpfs', path]
        : ['--bind', temporary, path],
    ),
    ...more.flatMap(ro),
    ...masked.flatMap((path) => ['--size', '4096', '--tmpfs', path, '--remount-ro', path]),
    ...secretsBelow(config, { shown, masked }).flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...read.flatMap(ro),
    ...written.flatMap((path) => ['--bind', path, path]),
    // Until here places were made in it for what is shown there.
    ...['--remount-ro', '/etc', '--remount-ro', '/'],
  ];
}

function ro(path: string): string[] {
  return ['--ro-bind-try', path, path];
}

function systemFolder(path: string): string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Returns where Node and npm are, if that is not among the system's programs: a version manager has them in somebody's home. */
function nodeFolders(): string[] {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  if (isBelow(prefix, SYSTEM) || !existsSync(join(prefix, 'lib/node_modules/npm'))) return [];
  return [join(prefix, 'bin'), join(prefix, 'lib/node_modules')];
}

/** Returns the files that secrets are read from, and that of the configuration, which lie in folders that can be seen. */
function secretsBelow(
  { file, secretFiles = [] }: VisibleFilesOptions['config'],
  { shown, masked }: { readonly shown: readonly string[]; readonly masked: readonly string[] },
): string[] {
  const files = [...secretFiles, ...(file === undefined ? [] : [file])];
  const real = files.filter((path) => existsSync(path)).map((path) => realpathSync(path));
  return [...new Set(real)].filter((path) => isBelow(path, shown) && !isBelow(path, masked));
}

/** Returns what is not to be seen though it lies in a folder that is. */
function hidden(config: VisibleFilesOptions['config'], shown: readonly string[]): string[] {
  const places = [config.data, ...workspaceRoots(config), process.cwd(), packageRoot];
  return [...new Set(places.map((path) => (existsSync(path) ? realpathSync(path) : '')))].filter((path) =>
    isBelow(path, shown),
  );
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** Returns what git in the steps asks for credentials with, where the job has any. */
function credentialsOf(folder: string): string[] {
  const socket = join(socketFolderOf(folder), SOCKET);
  if (!existsSync(socket)) return [];
  return [socket, built('activities/checkout/credential-helper.js'), join(packageRoot, 'package.json')];
}
