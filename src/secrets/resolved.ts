import type { SecretReference } from './reference.js';
import type { Secret } from './secret.js';

/**
 * `T` with its secret references resolved. An optional reference whose variable is unset has become `undefined`, and
 * inside lists it is left out.
 */
export type Resolved<T> = T extends SecretReference
  ? Secret
  : T extends readonly (infer U)[]
    ? Resolved<U>[]
    : T extends object
      ? { [K in keyof T]: SecretReference extends T[K] ? Secret | undefined : Resolved<T[K]> }
      : T;
