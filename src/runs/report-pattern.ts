/** Returns what is wrong with a pattern of report files, in words; undefined for one that can be looked for. */
export function problemOfPattern(pattern: string): string | undefined {
  const glob = pattern.replace(/^!/, '');
  if (glob === '') return 'is empty';
  if (glob.length > 300) return 'is longer than 300 characters';
  if (glob.startsWith('/') || /^[A-Za-z]:/.test(glob)) return 'must begin at the top of the checkout, without a slash';
  if (glob.split(/[/\\]/).includes('..')) return 'must not lead out of the checkout';
  return undefined;
}
