import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Workspace } from '../../workspace.js';
import type { seccompFilter } from './seccomp.js';
import { ownIds } from './worker-user-ids.js';

/** What programs read of `/etc`. All else there may be a secret of whoever runs the worker. */
export const ETC = [
  ...['alternatives', 'bash.bashrc', 'debian_version', 'fonts', 'host.conf', 'inputrc', 'ld.so.cache', 'ld.so.conf'],
  ...['ld.so.conf.d', 'locale.alias', 'localtime', 'mime.types', 'nsswitch.conf', 'os-release', 'protocols'],
  ...[
    'redhat-release',
    'services',
    'shells',
    'timezone',
    'vimrc',
    'crypto-policies',
    'perl',
    'python3',
    'php',
    'lsb-release',
  ],
  ...[
    'ca-certificates',
    'ca-certificates.conf',
    'pki/tls/certs',
    'pki/tls/cert.pem',
    'pki/ca-trust',
    'ssl/certs',
    'ssl/openssl.cnf',
  ],
  ...['java-11-openjdk', 'java-17-openjdk', 'java-21-openjdk', 'java-25-openjdk'],
].map((name) => `/etc/${name}`);

/** In a workspace's folder: what a sandbox has in the place of files that tell of this machine. Steps can't write there. */
export const FILES = 'sandbox';
/** Among them: which system calls are refused. */
export const FILTER = 'seccomp';
/** Among them: `/etc`, but for the folders in it. */
export const OWN_ETC = 'etc';

/** Where git and ssh find servers in a sandbox: slirp4netns answers there. */
const NAME_SERVER = '10.0.2.3';

/**
 * Writes those files. Those of `/etc` are copied: one folder is seen sooner than each file by itself, which bubblewrap would have to
 * mount for every step. `filter`: see {@link seccompFilter}.
 */
export async function writeSystemFiles(
  { folder, home }: Pick<Workspace, 'folder' | 'home'>,
  filter: NonNullable<ReturnType<typeof seccompFilter>>,
): Promise<void> {
  const { uid, gid } = ownIds();
  const place = join(folder, FILES);
  const etc = join(place, OWN_ETC);
  await mkdir(place, { mode: 0o700 });
  await mkdir(etc);
  await writeFile(join(place, FILTER), filter);
  await Promise.all(ETC.map((path) => copyIfFile(path, join(place, path))));
  const name = uid === 0 ? 'root' : 'hookyard';
  const files = {
    passwd: `${name}:x:${uid}:${gid}::${home}:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/false\n`,
    group: `${name}:x:${gid}:\nnogroup:x:65534:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    'resolv.conf': `nameserver ${NAME_SERVER}\n`,
  };
  for (const [file, content] of Object.entries(files)) await writeFile(join(etc, file), content, { mode: 0o644 });
}

/** Copies what a path leads to, if that is a file that this user may read. */
async function copyIfFile(path: string, to: string): Promise<void> {
  const content = await readFile(path).catch(() => undefined);
  if (content === undefined) return;
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, content, { mode: 0o644 });
}
