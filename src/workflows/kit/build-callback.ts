import { condition, defineSignal, setHandler, uuid4 } from '@temporalio/workflow';
import type { RemoteBuildOutcome } from '../../activities/contract/index.js';
import { buildSignal } from '../../runs/names.js';

/** How a build reports its end to its run. */
export interface BuildCallback {
  /** Name of the signal that the receiver sends for it. */
  readonly signal: string;
  /** Waits until it has come, and returns what is made of it: at once where that takes no time. */
  called(
    judge?: (said: RemoteBuildOutcome) => RemoteBuildOutcome | Promise<RemoteBuildOutcome>,
  ): Promise<RemoteBuildOutcome>;
}

/** Listens to a callback. The first outcome wins; the receiver already takes a callback only once. */
export function callback(): BuildCallback {
  const signal = buildSignal(uuid4());
  let said: RemoteBuildOutcome | undefined;
  setHandler(defineSignal<[RemoteBuildOutcome]>(signal), (outcome) => {
    said ??= outcome;
  });
  return {
    signal,
    async called(judge = (outcome) => outcome) {
      await condition(() => said !== undefined);
      return judge(said as RemoteBuildOutcome);
    },
  };
}
