import { appendFile } from 'node:fs/promises';
import { Context } from '@temporalio/activity';

/**
 * Writes down that a step of a run was done, by the process that did it: one line, in one call, at the end of the file
 * that `FAULTS_LEDGER` names. That tells doubles which no list of runs would show.
 */
export async function note(step: string): Promise<void> {
  const { workflowExecution, attempt } = Context.current().info;
  const { workflowId: run, runId } = workflowExecution ?? { workflowId: '', runId: '' };
  await appendFile(process.env.FAULTS_LEDGER ?? '', `${JSON.stringify({ run, runId, step, attempt })}\n`);
}

/** Takes so many milliseconds. */
export async function hold(ms: number): Promise<void> {
  await Context.current().sleep(ms);
}
