import { CancellationScope, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import { whenRoom } from '../../../../src/workflows/run/message-room.js';

const { take } = proxyActivities<{ take(text: string): Promise<number> }>({ startToCloseTimeout: '1 minute' });

/** Asks for many activities at once, each with so many characters, and returns what they have taken together. */
export async function asksAtOnce(many: number, characters: number): Promise<number> {
  const text = 'x'.repeat(characters);
  const taken = await Promise.all(Array.from({ length: many }, () => whenRoom(text, () => take(text))));
  return taken.reduce((sum, one) => sum + one, 0);
}

/** The first of many that wait for room is cancelled, and the others are not. */
export async function cancelsOne(): Promise<string[]> {
  const text = 'x'.repeat(1_000_000);
  const scope = new CancellationScope();
  const ask = () =>
    whenRoom(text, () => take(text)).then(
      () => 'taken',
      (error) => (isCancellation(error) ? 'cancelled' : 'failed'),
    );
  const asked = [ask(), ask(), scope.run(ask), ask(), ask()];
  scope.cancel();
  await sleep(1);
  return Promise.all(asked);
}
