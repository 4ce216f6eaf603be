import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Workspace } from '../../workspace.js';
import type { seccompFilter } from './seccomp.js';

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

/** Where git and ssh find servers in a sandbox: slirp4netns answers there. */
const NAME_SERVER = '10.0.2.3';

/** Writes those files. `filter`: see {@link seccompFilter}. */
export async function writeSystemFiles(
  { folder, home }: Pick<Workspace, 'folder' | 'home'>,
  filter: NonNullable<ReturnType<typeof seccompFilter>>,
): Promise<void> {
  const { uid, gid } = userInfo();
  const place = join(folder, FILES);
  await mkdir(place, { mode: 0o700 });
  const name = uid === 0 ? 'root' : 'hookyard';
  const files = {
    passwd: `${name}:x:${uid}:${gid}::${home}:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/false\n`,
    group: `${name}:x:${gid}:\nnogroup:x:65534:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    'resolv.conf': `nameserver ${NAME_SERVER}\n`,
    [FILTER]: filter,
  };
  for (const [file, content] of Object.entries(files)) await writeFile(join(place, file), content, { mode: 0o644 });
}
