import { access, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { DeadlineError } from '../../../../async/deadline.js';
import { shortEnvironment } from '../../../../secrets/short-environment.js';
import { isOnPath } from '../on-path.js';
import { holdNetwork, type NetworkOptions } from './hold-network.js';
import { seccompFilter } from './seccomp.js';

/** Why there is no sandbox on this machine, and what to do. */
export interface Missing {
  readonly because: string;
  readonly advice?: string;
  /** It says nothing of the machine but that it is busy, or short of something, just now. */
  readonly isPassing?: true;
}

/** The programs that a sandbox is made by, and the packages of Debian and others that have them. */
const PROGRAMS = { bwrap: 'bubblewrap', nsenter: 'util-linux', prlimit: 'util-linux', bash: 'bash' } as const;
/** What brings a network into one, and what keeps private addresses out of it. */
const NETWORK_PROGRAMS = { slirp4netns: 'slirp4netns', ip: 'iproute2' } as const;
/** The first that can keep programs from making namespaces of their own (`--disable-userns`). */
const OLDEST = [0, 8] as const;
const VERSION_MS = 10_000;
const SHORT: ReadonlySet<string> = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);
/** As programs say the same. */
const SHORT_IN_WORDS = /resource temporarily unavailable|too many open files|cannot allocate memory/i;

/** Returns the program of a sandbox that this machine lacks, or has too old; undefined if it has all. */
export async function missingRequirement(): Promise<Missing | undefined> {
  if (process.platform !== 'linux') return { because: 'sandboxes need Linux' };
  if (!seccompFilter()) return { because: `the system calls of ${process.arch} processors are not known here` };
  for (const [program, name] of Object.entries(PROGRAMS))
    if (!(await isOnPath(program))) return notInstalled(program, name);
  const asked = await execa('bwrap', ['--version'], {
    env: shortEnvironment(),
    extendEnv: false,
    reject: false,
    timeout: VERSION_MS,
  });
  if (asked.timedOut || isShort(asked)) return { because: 'bwrap --version did not answer', isPassing: true };
  const { stdout = '' } = asked;
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return undefined;
  return {
    because: `${stdout.trim() || 'bwrap'} is too old`,
    advice: `Install bubblewrap ${OLDEST.join('.')} or newer`,
  };
}

/** Returns the program that is lacked for steps to have network in a sandbox; undefined if they all are there. */
export async function missingForNetwork(): Promise<Missing | undefined> {
  for (const [program, name] of Object.entries(NETWORK_PROGRAMS))
    if (!(await isOnPath(program))) return notInstalled(program, name);
  if (await exists('/dev/net/tun')) return undefined;
  return {
    because: '/dev/net/tun is not there',
    advice: 'Load the module tun (modprobe tun), or give the container that the worker is in --device /dev/net/tun',
  };
}

/** Returns why no sandbox can be made here; undefined if one can, which is tried. */
export async function whyNoSandbox(): Promise<Missing | undefined> {
  return (await missingRequirement()) ?? whyNotHeld({ marks: {} });
}

/** Returns why no sandbox with network can be made here; undefined if one can, which is tried. */
export async function whyNoNetwork(): Promise<Missing | undefined> {
  const missing = (await missingRequirement()) ?? (await missingForNetwork());
  return missing ?? whyNotHeld({ marks: {}, outwards: { reachable: [] } });
}

async function whyNotHeld(network: NetworkOptions): Promise<Missing | undefined> {
  try {
    await (await holdNetwork(network)).close();
    return undefined;
  } catch (error) {
    const because = (error as Error).message;
    if (error instanceof DeadlineError || isShort(error as Error)) return { because, isPassing: true };
    return { because, ...(await adviceHere()) };
  }
}

/** Tells whether something failed for want of processes, files or memory, of which there may be enough again. */
function isShort({
  code,
  message = '',
}: {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}): boolean {
  return SHORT.has(code ?? '') || SHORT_IN_WORDS.test(message);
}

/** Returns what keeps users of this machine from making namespaces. */
async function adviceHere(): Promise<Pick<Missing, 'advice'>> {
  const setting = async (name: string) =>
    (await readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').catch(() => '')).trim();
  if ((await setting('kernel.unprivileged_userns_clone')) === '0')
    return { advice: 'Users may make no namespaces: sysctl -w kernel.unprivileged_userns_clone=1' };
  if ((await setting('user.max_user_namespaces')) === '0')
    return { advice: 'Users may make no namespaces: sysctl -w user.max_user_namespaces=15000' };
  if ((await setting('kernel.apparmor_restrict_unprivileged_userns')) === '1')
    return {
      advice:
        'AppArmor keeps programs from making namespaces (Ubuntu since 23.10): give /usr/bin/bwrap a profile with "userns,", or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    };
  if (await isInContainer())
    return {
      advice:
        'The worker is in a container that may make no namespaces: start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined',
    };
  return {};
}

async function isInContainer(): Promise<boolean> {
  for (const mark of ['/.dockerenv', '/run/.containerenv', '/var/run/secrets/kubernetes.io'])
    if (await exists(mark)) return true;
  return false;
}

function notInstalled(program: string, name: string): Missing {
  return {
    because: `the program ${program} is not installed`,
    advice: `Install ${name} (apt-get install ${name}, dnf install ${name === 'iproute2' ? 'iproute' : name})`,
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
