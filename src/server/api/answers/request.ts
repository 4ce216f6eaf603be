import type { ActBy } from '../contract.js';

/** What an operator asks for: `id` is the part of the path that names it, if any. */
export interface AnswerRequest {
  readonly id?: string;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** What an operator changes, and who they are. */
export interface ChangeRequest extends AnswerRequest, ActBy {}

/** What somebody asks to follow, and what they are called. */
export interface FollowRequest extends AnswerRequest {
  readonly by: string;
  /** What a browser that connects again has seen. */
  readonly lastEventId?: string | undefined;
}
