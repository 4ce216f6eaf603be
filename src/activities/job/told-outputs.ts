import { outputVariable } from './parse-output.js';

/** By the number of a step: the outputs of its last attempt as they were written, secrets too, under their names. */
export type ToldOutputs = Map<number, Readonly<Record<string, string>>>;

/** Returns the variables that later steps have of outputs: of one name those of the last step. */
export function toldVariables(told: ToldOutputs): Record<string, string> {
  const inOrder = [...told].sort(([a], [b]) => a - b);
  const entries = inOrder.flatMap(([, outputs]) => Object.entries(outputs));
  return Object.fromEntries(entries.map(([name, value]) => [outputVariable(name), value]));
}
