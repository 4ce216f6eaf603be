import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../lib/repository.mjs';

/**
 * Checks a repository out as jobs do, and by hand, and returns a row: how long each took in ms, and whether what is there is right.
 * Cold is with an empty mirror; warm on the files of the last job, with a new commit and with the same.
 */
export async function measure(repository, { checkouts, folder, say }) {
  const { name, bare, sha, options = {} } = repository;
  say(`checking out ${name} …`);
  const once = (commit, look) =>
    checkouts.once(commit, { repository: name, options, since: new Date().toISOString(), defaultBranch: 'main', look });
  const seen = [];
  const look = (commit) => (checkout) => seen.push(...compare(repository, { commit, checkout }));
  const cold = await once(sha, look(sha));
  const changed = repository.change();
  const warm = await once(changed, look(changed));
  const same = await once(changed, look(changed));
  const clone = join(folder, 'by-hand');
  const cloneMs = timed(() => git(['clone', '--quiet', '--no-local', bare, clone]));
  const worktreeMs = timed(() =>
    git(['worktree', 'add', '--quiet', '--detach', join(clone, 'worktree'), sha], { cwd: clone }),
  );
  rmSync(clone, { recursive: true, force: true });
  const isRight = (what) => {
    const all = seen.filter(([name]) => name === what);
    return all.length === 0 ? '–' : all.every(([, right]) => right) ? 'right' : 'WRONG';
  };
  return {
    repository: name,
    files: git(['ls-tree', '-r', '--name-only', sha], { cwd: bare }).split('\n').length,
    commits: git(['rev-list', '--count', sha], { cwd: bare }),
    'cold ms': Math.round(cold.ms),
    'warm ms': Math.round(warm.ms),
    'same ms': Math.round(same.ms),
    'back ms': Math.round(warm.releaseMs),
    'clone ms': Math.round(cloneMs),
    'worktree ms': Math.round(worktreeMs),
    describe: isRight('describe'),
    content: isRight('content'),
    submodule: isRight('submodule'),
    lfs: isRight('lfs'),
  };
}

function compare(repository, { commit, checkout }) {
  const found = [
    ['describe', git(['describe'], { cwd: checkout }) === repository.described(commit)],
    ['content', git(['status', '--porcelain'], { cwd: checkout }) === ''],
  ];
  for (const what of ['same', 'submodule', 'lfs'])
    if (repository[what]) found.push([what === 'same' ? 'content' : what, repository[what](checkout)]);
  return found;
}

function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}
