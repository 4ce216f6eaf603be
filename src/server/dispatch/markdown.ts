import { plain } from '../../events/markdown.js';
import { cutToBytes } from '../cut-to-bytes.js';

/** Text as {@link plain} makes it, cut so that all of it takes at most `bytes` bytes. */
export function plainWithin(text: string, bytes: number): string {
  let kept = cutToBytes(text, bytes);
  while (Buffer.byteLength(plain(kept)) > bytes) kept = [...kept].slice(0, -1).join('');
  return plain(kept);
}
