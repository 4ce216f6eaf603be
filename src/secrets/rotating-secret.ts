import { type DatedValue, rotatingValues } from './rotating-file.js';
import { Secret } from './secret.js';
import type { SecretRule } from './secret-rule.js';

/** A secret that Hookyard has made, and may replace while it runs. */
export class RotatingSecret extends Secret {
  readonly #dated: () => readonly [DatedValue, ...DatedValue[]];

  /** `first`: what its file holds. */
  constructor(path: string, known: { readonly first: string; readonly rule: SecretRule }) {
    const { values, dated } = rotatingValues(path, known);
    super(values);
    this.#dated = dated;
  }

  /** Returns all values that are accepted, as {@link revealAll} does, and since when each has been, and until when it is. */
  revealDated(): readonly [DatedValue, ...DatedValue[]] {
    return this.#dated();
  }
}
