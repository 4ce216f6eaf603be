import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git, makeRepository } from '../lib/repository.mjs';

const FILES = 20_000;
const COMMITS = 2_000;
const CONTENT = 'what Git LFS keeps\n'.repeat(10_000);

/** Makes a repository with a submodule, an annotated tag, many files and commits, and, where there is `git-lfs`, what that keeps. */
export function makeUp({ repositories }) {
  const lib = makeRepository(bareOf(repositories, 'made/lib'), { files: 3 });
  const pinned = lib.commit();
  lib.commit();
  const hasLfs = works(['lfs', 'version']);
  const oid = createHash('sha256').update(CONTENT).digest('hex');
  const lfs = {
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    'assets/large.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${CONTENT.length}\n`,
  };
  const bare = bareOf(repositories, 'made/up');
  const others = {
    '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../lib.git\n',
    ...(hasLfs && lfs),
  };
  const repository = makeRepository(bare, { files: FILES, others, submodules: { lib: pinned } });
  git(['tag', '--annotate', '--message=one', 'v1.0.0', repository.commit()], { cwd: bare });
  const [sha] = repository.commits(COMMITS);
  if (hasLfs) {
    const path = join(bare, 'lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, CONTENT);
  }
  return {
    name: 'made/up',
    bare,
    sha,
    change: () => repository.commit(),
    options: { submodules: true },
    described: (commit) => git(['describe', commit], { cwd: bare }),
    submodule: (checkout) =>
      git(['rev-parse', 'HEAD'], { cwd: join(checkout, 'lib') }) === pinned &&
      git(['status', '--porcelain'], { cwd: join(checkout, 'lib') }) === '' &&
      readFileSync(join(checkout, 'lib/part-0/file-0.txt'), 'utf8') === 'change 1\n',
    ...(hasLfs && { lfs: (checkout) => readFileSync(join(checkout, 'assets/large.bin'), 'utf8') === CONTENT }),
  };
}

function bareOf(repositories, name) {
  return join(repositories, `${name}.git`);
}

function works(args) {
  try {
    git(args);
    return true;
  } catch {
    return false;
  }
}
