import type { Action } from '../action.js';
import { withQuery } from '../paths.js';

/** Has a message sent at once that waits for its next try. */
export const retryMessage: Action = {
  path: '/outbound/retry',
  done: 'It is tried now.',
  async act(answers, { who, form }) {
    const { message, endpoint } = form;
    const body = { message, ...(endpoint !== undefined && { endpoint }) };
    const answer = await answers.retryMessage({ body, ...who });
    return answer && { answer, to: withQuery('/outbound', { message, endpoint: answer.endpoint }) };
  },
};
