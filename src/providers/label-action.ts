/**
 * Returns what was done to the labels of a pull request, of which `before` and `now` are all: taken off where none was put on.
 * Where those before are not known, something was put on, unless none is left.
 */
export function labelAction(before: readonly string[] | undefined, now: readonly string[]): 'labeled' | 'unlabeled' {
  if (now.length === 0) return 'unlabeled';
  const isPutOn = before === undefined || now.some((label) => !before.includes(label));
  const isSame = before !== undefined && before.length === now.length;
  return isPutOn || isSame ? 'labeled' : 'unlabeled';
}
