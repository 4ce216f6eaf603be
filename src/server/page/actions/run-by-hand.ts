import { createHash } from 'node:crypto';
import type { Action } from '../action.js';
import { runPath } from '../paths.js';
import { typedText } from '../typed-text.js';

/** How the fields of inputs begin: an input may be called like any other field. */
const INPUT = 'input-';
/** In characters: what the API takes as an id is longer than that and a hash. */
const MAX_ONCE = 64;

/** Starts a run of an automation with what its form gives as inputs. */
export const runByHand: Action = {
  path: '/automations/run',
  done: 'Asked for: it begins in a moment.',
  async act(answers, { who, form }) {
    const given = Object.entries(form).filter(([name]) => name.startsWith(INPUT));
    const inputs = Object.fromEntries(given.map(([name, value]) => [name.slice(INPUT.length), typedText(value)]));
    const body = { inputs, ...(form.once !== undefined && { id: idOf(form.once, inputs) }) };
    const answer = await answers.runByHand({ id: form.name ?? '', body, ...who });
    return answer && { answer, to: runPath(answer.run) };
  },
};

/** The same inputs by the same form are the same run, and others another. */
function idOf(once: string, inputs: object): string {
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
  return `${once.slice(0, MAX_ONCE)}-${hash}`;
}
