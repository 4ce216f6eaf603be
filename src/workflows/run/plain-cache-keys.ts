import { patched } from '@temporalio/workflow';
import type { CacheOptions } from '../../activities/contract/index.js';
import { hashOf } from '../../runs/hash.js';

/** Runs that an older version started fail by such a text. */
const TAKES_ANY_TEXT = 'cache-keys-of-any-text';
/** In characters: it is a part of a row's name. */
export const MAX_TEXT = 200;
/** In characters, of what stands for the end of a text that is too long. */
const HASH = 32;

/** Returns whether a text can be a part of a key as it is: printable, as it is shown, and no blanks. */
export function isPlainText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) && text.length <= MAX_TEXT;
}

/**
 * Returns caches whose keys hold no text but such as can be a part of one: what is of an event, as its branch is, may have any letters, and
 * be long. What is no text stays as it is.
 */
export function withPlainTexts<T extends CacheOptions | readonly CacheOptions[]>(cache: T): T {
  const within = (value: unknown, plain: (text: string) => string): unknown => {
    if (Array.isArray(value)) return value.map((one) => within(one, plain));
    if (typeof value !== 'string' || value === '' || isPlainText(value)) return value;
    return patched(TAKES_ANY_TEXT) ? plain(value) : value;
  };
  const one = (given: CacheOptions) =>
    typeof given !== 'object' || given === null
      ? given
      : {
          ...given,
          ...('key' in given && { key: within(given.key, plainText) }),
          ...('restoreKeys' in given && { restoreKeys: within(given.restoreKeys, plainBeginning) }),
        };
  return (Array.isArray(cache) ? cache.map(one) : one(cache as CacheOptions)) as T;
}

/** Returns a text with its other characters as URLs have them, the end of one that is too long as its hash. */
export function plainText(text: string): string {
  const plain = encoded(text);
  return plain.length <= MAX_TEXT ? plain : `${plain.slice(0, MAX_TEXT - HASH - 1)}-${hashOf(text).slice(0, HASH)}`;
}

/** Returns the same of what keys begin with: no more of it than they have before a hash. */
export function plainBeginning(text: string): string {
  const plain = encoded(text);
  return plain.length <= MAX_TEXT ? plain : plain.slice(0, MAX_TEXT - HASH - 1);
}

function encoded(text: string): string {
  // What is half a character has no code of its own.
  return text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}
