const DOMAIN = String.raw`(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?/)?`;
const PART = '[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*';
/** Source: https://pkg.go.dev/github.com/distribution/reference */
const NAME = new RegExp(
  String.raw`^${DOMAIN}${PART}(?:/${PART})*(?::[A-Za-z0-9_][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);
const MAX_LENGTH = 400;

/** Returns whether a value names an image as container engines write it, and can be taken for nothing else on their command line. */
export function isImageName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH && NAME.test(value);
}
