/** In characters. */
const MOST = 200;

/**
 * Returns a name that steps may have chosen, as it can be put into words: in quotes, with what is not seen or changes the direction of
 * writing as escapes, and with no more than its beginning where it is long.
 */
export function quoted(name: string): string {
  const short = name.length > MOST ? `${name.slice(0, MOST)}…` : name;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Returns a name as it is where it holds nothing that other words could be taken for, and {@link quoted} where it does. */
export function named(name: string): string {
  return name.length <= MOST && /^[\w@+,./-]+$/.test(name) ? name : quoted(name);
}
