import { activityInfo, sleep } from '@temporalio/activity';

/** Activities of a user, as `activities` of the configuration names them. */

/** Fails once; answers which attempt it was. */
export async function stumble(_sha: string): Promise<number> {
  const { attempt } = activityInfo();
  if (attempt === 1) throw new Error('not yet');
  return attempt;
}

export async function giveUp(_sha: string): Promise<void> {
  throw new Error('never');
}

/** Takes a moment, in which others could begin. */
export async function pass(_sha: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Takes longer than an activity has that is cancelled soon. */
export async function last(_sha: string): Promise<void> {
  await sleep(15_000);
}
