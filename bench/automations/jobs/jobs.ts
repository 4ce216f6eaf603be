import { automation, push, runJob } from 'hookyard/workflow';

/** Notes when it runs, in a folder that the repository names. */
const note = (name: string) => `date +%s%N > "$(cat bench-folder)/$HOOKYARD_COMMIT.${name}"`;
const steps = [note('$HOOKYARD_JOB')];

/** Two jobs of one step, one after the other. */
export const jobs = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  await runJob(event, { name: 'first', steps });
  await runJob(event, { name: 'second', steps });
});

const short = Array.from({ length: 49 }, () => 'true');

/** Fifty short steps from the first note to the last: what a step costs by itself. */
export const steady = automation({ on: push({ branches: ['steps'] }) }, async (event) => {
  await runJob(event, { name: 'many', steps: [note('begun'), ...short, note('done')] });
});

/** The same in a sandbox, from which the folder for notes can't be seen: they lie in the workspace, long enough to be read. */
export const shut = automation({ on: push({ branches: ['sandbox'] }) }, async (event) => {
  const leave = (name: string) => `date +%s%N > "$TMPDIR/$HOOKYARD_COMMIT.${name}"`;
  const steps = [leave('begun'), ...short, `${leave('done')}; sleep 1`];
  await runJob(event, { name: 'shut', runner: 'sandbox', steps });
});
