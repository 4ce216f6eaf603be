/** Characters that change the direction of text, so that it could be made to read as something else. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/**
 * Returns text from a payload as Markdown that shows just that text: no links, no mentions, no HTML, one line.
 *
 * @example
 * import { automation, plain, pullRequest, report } from 'hookyard/workflow';
 *
 * export const thanks = automation({ on: pullRequest({ actions: ['opened'] }) }, async (event) => {
 *   await report.comment(event, { body: `Thank you for *${plain(event.pullRequest.title)}*` });
 * });
 */
export function plain(text: string): string {
  return (
    text
      .replace(BIDI_CONTROLS, '')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .replace(/[\\`*_{}[\]()+!|~:]/g, '\\$&')
      // Providers look for mentions and issues after they have removed the backslashes.
      .replace(/[@#]/g, '$&\u200b')
      // A line that begins with a slash may be a command, of ours or of the provider's.
      .replace(/^(\s*)\//, '$1\\/')
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}\\.`)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}

/** Returns text as inline code in Markdown, where nothing in it has a meaning: its fence is longer than any in it. */
export function code(text: string): string {
  const line = text.replace(BIDI_CONTROLS, '').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Returns lines of text without control characters, and without those that change the direction of text. */
export function withoutControls(text: string): string {
  return text.replace(BIDI_CONTROLS, '').replace(/[^\P{Cc}\n\t]/gu, '');
}

/** Returns lines of text as a code block in Markdown, where nothing in them has a meaning, with a line break before. */
export function codeBlock(text: string): string {
  const shown = withoutControls(text);
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `\n${fence}text\n${shown}\n${fence}`;
}

/** Returns a Markdown link to where a payload points, if that is an http(s) URL; otherwise the plain text. */
export function link(text: string, url: string | undefined): string {
  const href = httpUrl(url);
  if (href === undefined) return plain(text);
  const safe = href.replace(/[()<>\\`]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `[${plain(text)}](${safe})`;
}

function httpUrl(url: string | undefined): string | undefined {
  try {
    const { protocol, href } = new URL(url ?? '');
    return /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
