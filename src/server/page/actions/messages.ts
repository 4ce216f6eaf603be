import type { Action } from '../action.js';
import { withQuery } from '../paths.js';

/** Has a message sent at once that waits for its next try. */
export const retryMessage: Action = {
  path: '/outbound/retry',
  done: 'It is tried now.',
  async act(answers, { who, form }) {
    const answer = await answers.retryMessage({ body: named(form), ...who });
    return answer && { answer, to: pathOf(answer) };
  },
};

/** Sends a message anew that was given up. */
export const resendMessage: Action = {
  path: '/outbound/resend',
  done: 'It is sent anew.',
  async act(answers, { who, form }) {
    const answer = await answers.resendMessage({ body: named(form), ...who });
    return answer && { answer, to: pathOf(answer) };
  },
};

function named({ message, endpoint }: Readonly<Record<string, string>>) {
  return { message, ...(endpoint !== undefined && { endpoint }) };
}

function pathOf({ message, endpoint }: { readonly message: string; readonly endpoint: string }): string {
  return withQuery('/outbound', { message, endpoint });
}
