/**
 * Returns what finds a text in whatever case it is written, as providers take names of repositories. Letters are compared one by one: none
 * outside ASCII counts as one within, and none as two, so that no other name is taken for this one.
 */
export function inAnyCase(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
}

/** Returns whether two names, `owner/name`, are those of one repository. */
export function isSameRepository(one: string, other: string): boolean {
  return one.length === other.length && inAnyCase(one).test(other);
}
