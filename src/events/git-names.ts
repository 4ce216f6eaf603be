/** What git allows in the names of refs and commits: the one place that checks them. */

/**
 * Returns whether git allows `name` as a ref, whole (`refs/heads/main`) or short (`main`): without blanks, and no way up a
 * path. Only ASCII's blank is one to git: others, such as the ideographic space, stand in names. Control characters are
 * refused; those that turn the direction of writing are not, and are taken out where a name is shown.
 * Source: https://git-scm.com/docs/git-check-ref-format
 */
export function isRefName(name: string): boolean {
  return name.length <= MAX_REF && REF.test(name);
}

const MAX_REF = 1_000;
const REF = /^(?![/.]|.*(?:\.\.|@\{|\/[/.]|\.lock(?:\/|$)))[^\p{Cc}\p{Cs} ~^:?*[\\]+(?<![/.])$/su;

/** Returns whether `name` is a whole object name: 40 hexadecimal digits (SHA-1) or 64 (SHA-256). */
export function isSha(name: string): boolean {
  return SHA.test(name);
}

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Returns whether `name` is a whole object name, or its first 12 digits, which is all that Bitbucket Cloud may tell. */
export function isCommitName(name: string): boolean {
  return isSha(name) || /^[0-9a-f]{12}$/.test(name);
}

/** Returns whether `name` stands for no commit: that of a ref that did not exist before, or does not any more. */
export function isZeroSha(name: string): boolean {
  return /^0+$/.test(name);
}
