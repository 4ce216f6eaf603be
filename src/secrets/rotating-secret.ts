import { statSync } from 'node:fs';
import { rotatingValues } from './rotating-file.js';
import { Secret } from './secret.js';
import type { SecretRule } from './secret-rule.js';

/** A secret that Hookyard has made, and may replace while it runs. */
export class RotatingSecret extends Secret {
  readonly #path: string;

  /** `first`: what its file holds. */
  constructor(path: string, known: { readonly first: string; readonly rule: SecretRule }) {
    super(rotatingValues(path, known));
    this.#path = path;
  }

  /** Returns when it was made or replaced last, Unix ms; undefined if its file is gone. */
  writtenAt(): number | undefined {
    return statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs;
  }
}
