import { execFileSync } from 'node:child_process';

/** Whatever the machine's own configuration says. */
const ENV = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};
const GIT_MS = 5 * 60_000;
const FILES_A_FOLDER = 100;

/** Runs git, and returns what it prints. */
export function git(args, { cwd = '/', input } = {}) {
  const options = { cwd, env: ENV, input, encoding: 'utf8', timeout: GIT_MS, maxBuffer: 64 * 1024 * 1024 };
  return execFileSync('git', args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] }).trim();
}

/**
 * Makes a bare repository whose branch `main` has so many files of 1 kB, others besides, and submodules: commits by their paths.
 * `commit` changes one of the files, and returns the commit's name.
 */
export function makeRepository(bare, { files, others = {}, submodules = {} }) {
  git(['init', '--quiet', '--bare', '--initial-branch=main', bare]);
  const name = (n) => `part-${Math.floor(n / FILES_A_FOLDER)}/file-${n}.txt`;
  const all = { ...others };
  for (let n = 0; n < files; n++) all[name(n)] = `${n} ${'x'.repeat(1_000)}\n`;
  fastImport(bare, [stream({ message: 'begin', files: all, submodules })]);
  let changes = 0;
  return {
    bare,
    commit() {
      changes += 1;
      fastImport(bare, [
        stream({ message: `change ${changes}`, files: { [name(0)]: `change ${changes}\n` }, onto: true }),
      ]);
      return git(['rev-parse', 'main'], { cwd: bare });
    },
    /** Makes so many commits at once; returns their names, newest first. */
    commits(count) {
      const made = Array.from({ length: count }, (_, n) =>
        stream({ message: `build ${n}`, files: { [name(1)]: `build ${n}\n` }, onto: n === 0 }),
      );
      fastImport(bare, made);
      return git(['rev-list', `--max-count=${count}`, 'main'], { cwd: bare }).split('\n');
    },
  };
}

function fastImport(bare, commits) {
  git(['fast-import', '--quiet', '--force'], { cwd: bare, input: commits.join('') });
}

/** https://git-scm.com/docs/git-fast-import. `onto`: the first of its process follows what the branch has. */
function stream({ message, files, submodules = {}, onto = false }) {
  const at = Math.floor(Date.now() / 1000);
  const head = `commit refs/heads/main\ncommitter bench <bench@example.com> ${at} +0000\n${data(message)}`;
  const from = onto ? 'from refs/heads/main^0\n' : '';
  const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  const links = Object.entries(submodules).map(([path, sha]) => `M 160000 ${sha} ${path}\n`);
  return `${head}${from}${changes.join('')}${links.join('')}\n`;
}

function data(text) {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
