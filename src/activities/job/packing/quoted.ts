/** In characters: paths as long as Linux takes them are shown whole. Secrets in them are hidden later, by whoever shows them. */
const MOST = 4_096;

/**
 * Returns a name that steps may have chosen, as it can be put into words: in quotes, with what is not seen or changes the direction of
 * writing as escapes. Of one that is longer than a path can be, only its first folders: in a name that is cut, no secret is found.
 */
export function quoted(name: string): string {
  const short = name.length > MOST ? `${name.slice(0, name.lastIndexOf('/', MOST) + 1)}…` : name;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Returns a name as it is where it holds nothing that other words could be taken for, and {@link quoted} where it does. */
export function named(name: string): string {
  return name.length <= MOST && /^[\w@+,./-]+$/.test(name) ? name : quoted(name);
}
