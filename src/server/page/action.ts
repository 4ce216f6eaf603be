import type { Answers } from '../api/answers.js';
import type { ActBy } from '../api/contract.js';

/** What a form of the page asks for. */
export interface ActionAsked {
  /** The part of the path that names what is changed. */
  readonly id: string;
  /** The form's fields, without those that are empty. */
  readonly form: Readonly<Record<string, string>>;
  /** Who asks: what they are signed in as, and how. */
  readonly who: ActBy;
}

/** What was changed. */
export interface Acted {
  /** What the API answered. */
  readonly answer: unknown;
  /** The path where it is seen. */
  readonly to: string;
  /** The action that says what was done, by its path, where that is another one. */
  readonly said?: string;
}

/** Something that operators change by a form. */
export interface Action {
  /** As Express takes it, for POST. What is changed may also be named by a field. */
  readonly path: string;
  /** What is said once it is done. */
  readonly done: string;
  /** Undefined: there is nothing of this name. Throws as the API does. */
  act(answers: Answers, asked: ActionAsked): Promise<Acted | undefined>;
}
