import type { NeededSecret } from '../secrets/reference.js';
import type { Config } from './config.js';

const KEYS = ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const;

/** The keys that a configuration refers to, before they are found. */
export interface AskedKeys {
  readonly storage: { readonly s3?: { readonly [K in (typeof KEYS)[number]]?: NeededSecret | undefined } | undefined };
}

/**
 * Returns, a line each, which keys of the bucket are referred to and not set: without a word, those that AWS gives the machine would be
 * taken in their place. `known`: what was found about them already.
 */
export function bucketProblems(asked: AskedKeys, { storage }: Pick<Config, 'storage'>, known: readonly string[]) {
  return KEYS.map((key) => ({ key, option: `storage.s3.${key}` }))
    .filter(({ key }) => asked.storage.s3?.[key] !== undefined && storage.s3?.[key] === undefined)
    .filter(({ option }) => !known.some((problem) => problem.startsWith(option)))
    .map(({ key, option }) => {
      const orNot =
        key === 'sessionToken'
          ? 'leave it out where the keys count for good'
          : 'name no key to take what AWS gives the machine';
      return `${option}: it is named and not set; set it, or ${orNot}`;
    });
}
