import type { SamplePush } from './github.js';

/** A delivery that has no signature yet: the provider's name for its event, where a header holds it, and the body. */
export interface Sample {
  readonly event?: string;
  readonly body: string;
}

/** A push of one commit, with everything that payloads tell of it. */
export type Pushed = Required<SamplePush>;
