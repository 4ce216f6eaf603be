/**
 * Returns a tag event's `unpeeled`, unless the payload names the commit that the tag leads to: what stands in `commit` may be
 * the object of an annotated tag itself.
 */
export function unpeeledUnless(named: unknown): { unpeeled?: true } {
  return named ? {} : { unpeeled: true };
}
