/**
 * Returns a glob as it is from the top of a folder, without `./` before it: paths have none. One that takes away begins with `!`; one that
 * is nothing else stays.
 */
export function fromTop(glob: string): string {
  return glob.replace(/^(!?)(?:\.\/+)+(?=.)/, '$1');
}

/** Returns the folders of a glob before its first special character; an empty text where it begins with one. */
export function literalFolder(glob: string): string {
  const parts = glob.split('/');
  const special = parts.findIndex((part) => /[*?[\]{}()!+@\\]/.test(part));
  return parts.slice(0, special < 0 ? -1 : special).join('/');
}

/** Returns whether files below a folder can match, by the number of folders alone where the glob has no `**`. */
export function mayHold(folder: string, glob: string): boolean {
  return glob.includes('**') || /[{(]/.test(glob) || folder.split('/').length < glob.split('/').length;
}
