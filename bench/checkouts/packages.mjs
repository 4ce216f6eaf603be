import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/* Packages of registries: whichever npm and pip are set to on this machine. Nothing of a package is installed. */

const FETCH_MS = 90_000;

/** Of npm: the published package. */
export const NPM = {
  client: 'npm',
  fetch: (which) => fetched(which, 'npm', ['pack', '--silent', `${which.name}@${which.version}`, '--pack-destination']),
};

/** Of PyPI: the project's source package. */
export const PYPI = {
  client: 'pip',
  fetch: (which) =>
    fetched(which, 'pip', [
      ...['download', '--quiet', '--no-deps', '--no-binary', which.name, '--disable-pip-version-check'],
      ...[`${which.name}==${which.version}`, '--dest'],
    ]),
};

/** Returns the folder that a package was unpacked in, or why there is none. */
function fetched({ name, folder }, command, args) {
  const into = join(folder, 'packages', name);
  const unpacked = join(into, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  const ran = spawnSync(command, [...args, into], { cwd: into, encoding: 'utf8', timeout: FETCH_MS });
  if (ran.error) return { because: `${command} can't be started, or took too long: ${ran.error.message}` };
  const archive = readdirSync(into).find((file) => /\.(?:tgz|tar\.gz)$/.test(file));
  if (ran.status !== 0 || archive === undefined)
    return { because: `its registry gives none: ${lastLine(ran.stderr) || `${command} exited with ${ran.status}`}` };
  const untarred = spawnSync('tar', ['-xzf', join(into, archive), '--strip-components=1', '-C', unpacked]);
  return untarred.status === 0 ? { unpacked } : { because: `${archive} can't be unpacked` };
}

function lastLine(text = '') {
  return text.trim().split('\n').at(-1);
}
