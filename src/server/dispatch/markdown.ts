import { cutToBytes } from '../cut-to-bytes.js';

/** Text from a payload as Markdown that shows just that text: no links, no HTML, one line. */
export function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\\`*_{}[\]()#+!|~:@]/g, '\\$&')
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}\\.`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** A link to where a payload points, if that is a web address; otherwise its text. */
export function link(text: string, url: string | undefined): string {
  const href = url && URL.canParse(url) ? new URL(url) : undefined;
  if (!href || !/^https?:$/.test(href.protocol)) return plain(text);
  const safe = href.href.replace(/[()<>\\]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `[${plain(text)}](${safe})`;
}

/** As {@link plain}, cut so that all of it takes at most `bytes` bytes. */
export function plainWithin(text: string, bytes: number): string {
  let kept = cutToBytes(text, bytes);
  while (Buffer.byteLength(plain(kept)) > bytes) kept = [...kept].slice(0, -1).join('');
  return plain(kept);
}
