import type { Action } from '../action.js';
import { deliveryPath } from '../paths.js';

/** Starts once more what a delivery has started. */
export const replay: Action = {
  path: '/deliveries/:id/replay',
  done: 'Replayed: the new runs stand below the first ones.',
  async act(answers, { id, who, form }) {
    const answer = await answers.replay({ id, ...who, query: form });
    return answer && { answer, to: deliveryPath(answer.delivery) };
  },
};
