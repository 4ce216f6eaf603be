import type { Action } from '../action.js';
import { deliveryPath } from '../paths.js';
import { typedText } from '../typed-text.js';

/** Starts an edited payload as a delivery of its own. */
export const startEdited: Action = {
  path: '/deliveries/:id/start',
  done: 'Started: this is the new delivery.',
  async act(answers, { id, who, form }) {
    const { payload, once } = form;
    // As it was judged: the form that starts it has the same text in it.
    const body = { payload: typedText(payload), ...(once !== undefined && { once }) };
    const answer = await answers.startEdited({ id, ...who, query: {}, body });
    return answer && { answer, to: deliveryPath(answer.delivery) };
  },
};
