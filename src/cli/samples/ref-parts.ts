/** Returns whether a ref is a branch's or a tag's, and its short name. */
export function refParts(ref: string): { readonly type: 'branch' | 'tag'; readonly name: string } {
  const isTag = ref.startsWith('refs/tags/');
  return { type: isTag ? 'tag' : 'branch', name: ref.replace(/^refs\/(?:heads|tags)\//, '') };
}
