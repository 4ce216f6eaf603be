import { maskKnown } from '../../secrets/mask.js';
import { maskText } from '../../secrets/mask-values.js';

/** Returns a text without the secrets that the process knows, or that their form shows to be some. */
export function hidden(text: string): string {
  return maskText(text, maskKnown);
}
