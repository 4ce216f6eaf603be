# Run by a step: writes down all that a job finds in its checkout, its home and its folder for temporary files, into the file that is
# named, and beside it which file one of them is: a number is given again once its file is gone.
set -e
{
  for folder in . "$HOME" "$TMPDIR"; do
    (
      cd "$folder"
      find . -type f -printf 'file %m %n %p\0' -o -type l -printf 'link %p to %l\0' -o -printf '%y %m %p\0' | sort -z
      # The index holds the times of files: what it says is printed below.
      find . -type f ! -path ./.git/index -print0 | sort -z | xargs -0 -r sha256sum -z
    )
  done
  git ls-files --stage -v
  git status --porcelain --ignored
  git config --list
  git for-each-ref
  git worktree list --porcelain | sed "s|$PWD|.|"
} > "$1"
stat -c '%i %y' steady/file.txt > "$1.file"
