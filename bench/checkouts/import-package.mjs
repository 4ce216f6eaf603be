import { join } from 'node:path';
import { git } from '../lib/repository.mjs';

/** Makes a repository of a package's files, with a tag of its version, and returns it. `change` commits, and returns the commit. */
export function importPackage({ unpacked, name, version, repositories }) {
  const bare = join(repositories, 'packages', `${name}.git`);
  git(['init', '--quiet', '--bare', '--initial-branch=main', bare]);
  git(['init', '--quiet', '--initial-branch=main'], { cwd: unpacked });
  const commit = (message) => {
    git(['add', '--all', '--force'], { cwd: unpacked });
    git(['commit', '--quiet', '--allow-empty', `--message=${message}`], { cwd: unpacked });
  };
  const push = () => {
    git(['push', '--quiet', '--follow-tags', bare, 'HEAD:refs/heads/main'], { cwd: unpacked });
    return git(['rev-parse', 'HEAD'], { cwd: unpacked });
  };
  commit('the package');
  git(['tag', '--annotate', `--message=${version}`, `v${version}`], { cwd: unpacked });
  return {
    name: `packages/${name}`,
    bare,
    sha: push(),
    change() {
      commit('a change');
      return push();
    },
    described: (sha) => git(['describe', sha], { cwd: unpacked }),
    same: (checkout) => sameTree({ unpacked, checkout }),
  };
}

/** Returns whether a checkout has the files of the package, byte by byte: git names them by their content. */
function sameTree({ unpacked, checkout }) {
  const written = (cwd) => {
    git(['add', '--all', '--force'], { cwd });
    return git(['write-tree'], { cwd });
  };
  return written(unpacked) === written(checkout);
}
