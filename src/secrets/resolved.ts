import type { NeededSecret } from './reference.js';
import type { Secret } from './secret.js';

/**
 * The type `T` with a {@link Secret} in place of each that is needed. An optional reference to a variable that is unset becomes
 * `undefined`, and is left out of lists.
 */
export type Resolved<T> = T extends NeededSecret
  ? Secret
  : T extends readonly (infer U)[]
    ? Resolved<U>[]
    : T extends object
      ? {
          [K in keyof T]: NeededSecret extends T[K]
            ? Secret | undefined | Resolved<Exclude<T[K], NeededSecret>>
            : Resolved<T[K]>;
        }
      : T;
