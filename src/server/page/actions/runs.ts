import { HttpError } from '../../http/http-error.js';
import type { Action } from '../action.js';
import { runPath } from '../paths.js';
import { typedText } from '../typed-text.js';

/** Ends a run. */
export const cancel: Action = {
  path: '/runs/cancel',
  done: 'Cancelled: it ends in a moment.',
  async act(answers, { who, form }) {
    const answer = await answers.cancel({ body: { run: named(form.run), by: who.by }, ...who }, 'the page');
    return answer && { answer, to: runPath(answer.runs[0] ?? form.run ?? '') };
  },
};

/** Starts a run once more, from its beginning or with what failed. */
export const rerun: Action = {
  path: '/runs/rerun',
  done: 'This is the new run.',
  async act(answers, { who, form }) {
    const answer = await answers.rerun({ query: form, ...who });
    return answer && { answer, to: runPath(answer.run) };
  },
};

/** Approves what a run waits for. */
export const approve = answering(true);

/** Rejects it. */
export const reject = answering(false);

const BY_BUTTON: ReadonlyMap<string, Action> = new Map([
  ['approve', approve],
  ['reject', reject],
]);

/**
 * Does the one or the other, as the button says that was pressed. Both lead to one address: browsers that know nothing of `formaction`
 * send a form to its own, whatever button was pressed.
 */
export const answer: Action = {
  path: '/runs/answer',
  done: 'Answered.',
  async act(answers, asked) {
    const action = BY_BUTTON.get(asked.form.answer ?? '');
    if (!action) throw new HttpError(400, 'the form says neither "approve" nor "reject"');
    const acted = await action.act(answers, asked);
    return acted && { ...acted, said: action.path };
  },
};

function answering(approves: boolean): Action {
  return {
    path: approves ? '/runs/approve' : '/runs/reject',
    done: approves ? 'Approved: the run goes on in a moment.' : 'Rejected: the run hears of it in a moment.',
    async act(answers, { who, form }) {
      const { run, sha, name, why } = form;
      const query = { id: named(run), ...(sha !== undefined && { sha }) };
      // Of an approval too: the API refuses it there, since who writes one means to reject.
      const body = {
        by: who.by,
        ...(name !== undefined && { name }),
        ...(why !== undefined && { why: typedText(why) }),
      };
      const answer = await answers.answerApproval({ query, body, ...who }, approves);
      return answer && { answer, to: runPath(answer.run) };
    },
  };
}

function named(run: string | undefined): string {
  if (run !== undefined) return run;
  throw new HttpError(400, 'the form names no run');
}
