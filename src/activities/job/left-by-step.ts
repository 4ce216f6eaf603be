import type { OpenJob } from './open-job.js';
import type { StepEnd } from './step-end.js';
import type { StepFiles } from './step-files.js';
import { toldVariables } from './told-outputs.js';

/** Returns what a step left in its files, and keeps its outputs for later steps. What can't be read fails one that had passed. */
export async function leftByStep(
  files: StepFiles,
  { job: { mask, told }, number }: { readonly job: OpenJob; readonly number: number },
  { outcome }: StepEnd,
): Promise<Partial<StepEnd>> {
  const { output, summary } = await files.read(mask);
  const said = summary === '' ? {} : { summary };
  const entries = output.kind === 'read' ? Object.entries(output.outputs) : [];
  const because = output.kind === 'refused' ? output.because : whyRefused(output.outputs, { mask, told, number });
  if (because !== undefined) {
    if (outcome !== 'passed') return said;
    return { ...said, outcome: 'failed', because: `what it wrote to $HOOKYARD_OUTPUT can't be read: ${because}` };
  }
  if (entries.length === 0) return said;
  told.set(number, Object.fromEntries(entries));
  return { ...said, outputs: Object.fromEntries(entries.map(([name, value]) => [name, mask(value)])) };
}

/** In characters, of all outputs of a job: they stand in its result, which a run may hand on. */
const MOST_TOLD = 256 * 1024;

/** Returns in words why outputs are not taken: names are shown as they are, and a job's outputs are bounded. */
function whyRefused(
  outputs: Readonly<Record<string, string>>,
  { mask, told, number }: Pick<OpenJob, 'mask' | 'told'> & { readonly number: number },
): string | undefined {
  if (Object.keys(outputs).some((name) => mask(name) !== name)) return 'a name holds a secret';
  const all = toldVariables(new Map([...told, [number, outputs]]));
  const size = Object.values(all).reduce((sum, value) => sum + value.length, 0);
  return size > MOST_TOLD ? `the outputs of all steps have more than ${MOST_TOLD / 1024} kB together` : undefined;
}
