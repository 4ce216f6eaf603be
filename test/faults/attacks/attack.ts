import type { Scene } from './scene.js';

/** What an attack came to. */
export interface Outcome {
  /** The figure, in words. */
  readonly figure: string;
  readonly withstood: boolean;
}

/** Something that a stranger, or one of several senders, does to a receiver that runs. */
export interface Attack {
  readonly what: string;
  /** The figure before Hookyard withstood it. */
  readonly before: string;
  run(scene: Scene): Promise<Outcome>;
}
