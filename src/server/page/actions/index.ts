import type { Action } from '../action.js';
import { changeLane, moveInLane } from './lanes.js';
import { resendMessage, retryMessage } from './messages.js';
import { replay } from './replay.js';
import { runByHand } from './run-by-hand.js';
import { answer, approve, cancel, reject, rerun } from './runs.js';
import { startEdited } from './start-edited.js';

/** All that operators change by forms of the page. */
export const ACTIONS: readonly Action[] = [
  replay,
  startEdited,
  cancel,
  rerun,
  answer,
  approve,
  reject,
  changeLane,
  moveInLane,
  runByHand,
  retryMessage,
  resendMessage,
];
