import type { Action } from '../action.js';
import { runPath } from '../paths.js';

/** How the fields of inputs begin: an input may be called like any other field. */
const INPUT = 'input-';

/** Starts a run of an automation with what its form gives as inputs. */
export const runByHand: Action = {
  path: '/automations/run',
  done: 'Asked for: it begins in a moment.',
  async act(answers, { who, form }) {
    const given = Object.entries(form).filter(([name]) => name.startsWith(INPUT));
    const inputs = Object.fromEntries(given.map(([name, value]) => [name.slice(INPUT.length), value]));
    const answer = await answers.runByHand({ id: form.name ?? '', body: { inputs }, ...who });
    return answer && { answer, to: runPath(answer.run) };
  },
};
