import { Context } from '@temporalio/activity';

/** Works until the worker tells it to stop, and then still comes to its end. */
export async function untilToldToStop(): Promise<void> {
  await Context.current().cancelled.catch(() => undefined);
}
