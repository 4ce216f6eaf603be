/** Letters that turn the direction of what follows: text could be made to read as something else. */
const TURNING = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/** Text from a payload as Markdown that shows just that text: no links, no HTML, one line. */
export function plain(text: string): string {
  return (
    text
      .replace(TURNING, '')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .replace(/[\\`*_{}[\]()+!|~:]/g, '\\$&')
      // Providers look for people and issues after they have taken the backslashes away.
      .replace(/[@#]/g, '$&\u200b')
      // A line that begins so may be a command, also one of the provider's own.
      .replace(/^(\s*)\//, '$1\\/')
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}\\.`)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}

/** Text as code in Markdown, where nothing in it means anything: the fence is longer than any in it. */
export function code(text: string): string {
  const line = text.replace(TURNING, '').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A link to where a payload points, if that is a web address; otherwise its text. */
export function link(text: string, url: string | undefined): string {
  const href = webAddress(url);
  if (href === undefined) return plain(text);
  const safe = href.replace(/[()<>\\`]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `[${plain(text)}](${safe})`;
}

function webAddress(url: string | undefined): string | undefined {
  try {
    const { protocol, href } = new URL(url ?? '');
    return /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
