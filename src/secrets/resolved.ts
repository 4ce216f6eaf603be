import type { SecretReference } from './reference.js';
import type { Secret } from './secret.js';

/**
 * The type `T` with a {@link Secret} in place of each reference. An optional reference to a variable that is unset becomes
 * `undefined`, and is left out of lists.
 */
export type Resolved<T> = T extends SecretReference
  ? Secret
  : T extends readonly (infer U)[]
    ? Resolved<U>[]
    : T extends object
      ? { [K in keyof T]: SecretReference extends T[K] ? Secret | undefined : Resolved<T[K]> }
      : T;
