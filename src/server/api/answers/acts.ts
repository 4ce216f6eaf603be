import type { ActBy } from '../contract.js';
import type { NewAct } from '../operator-acts.js';

/** Keeps who changes what. */
export interface Acts {
  /** Returns how many changes there were since the server has started. */
  readonly made: () => number;
  readonly record: (act: NewAct) => Promise<void>;
  /** Keeps that something was changed, once it was, and what it came to; a repeat has changed nothing. Returns the answer. */
  recorded<A extends object>(
    who: ActBy,
    change: Promise<A | undefined>,
    actOf: (answer: A) => Omit<NewAct, keyof ActBy>,
  ): Promise<A | undefined>;
}

/** Creates what keeps changes with `keep`. */
export function createActs(keep: Acts['record']): Acts {
  let made = 0;
  const record: Acts['record'] = async (act) => {
    made += 1;
    await keep(act);
  };
  return {
    made: () => made,
    record,
    async recorded(who, change, actOf) {
      const answer = await change;
      if (answer !== undefined && !('duplicate' in answer)) await record({ ...whoOf(who), ...actOf(answer) });
      return answer;
    },
  };
}

/** Returns who acts, and nothing else that was asked: by the name that a body says, where it says one. */
export function whoOf({ by, how, subject }: ActBy, body?: unknown): ActBy {
  const said = (body as { readonly by?: unknown } | undefined)?.by;
  return { by: typeof said === 'string' ? said : by, how, ...(subject !== undefined && { subject }) };
}
