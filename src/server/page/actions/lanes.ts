import type { Action } from '../action.js';
import { withQuery } from '../paths.js';
import { typedText } from '../typed-text.js';

/** Pauses, drains or opens a lane, as the field `mode` says. */
export const changeLane: Action = {
  path: '/lanes/mode',
  done: 'The lane has been changed.',
  async act(answers, { who, form }) {
    const { lane, mode, reason } = form;
    const answer = await answers.changeLane({ body: { lane, mode, ...signed(who.by, reason) }, ...who });
    return answer && { answer, to: withQuery('/lanes', { named: form.named }) };
  },
};

/** Puts a waiting run ahead of all others of its lane. */
export const moveInLane: Action = {
  path: '/lanes/move',
  done: 'It is the next of its lane now.',
  async act(answers, { who, form }) {
    const { run, reason } = form;
    const answer = await answers.moveInLane({ body: { run, ...signed(who.by, reason) }, ...who });
    return { answer, to: withQuery('/lanes', { named: form.named }) };
  },
};

function signed(by: string, reason: string | undefined) {
  return { by, ...(reason !== undefined && { reason: typedText(reason) }) };
}
