import { LIVE } from './lane-rows.js';

/**
 * Limits how many deliveries are found by their starts that failed or wait: of more than these, some are among the newest deliveries, and
 * their numbers would take a while to be put in order.
 */
export const MAX_FEW = 2_000;

/** The conditions of such starts in SQL: that on dispatches, and that on entries in lanes. */
export const FEW_STARTS = {
  failed: [`state = 'failed'`, `state = 'refused'`],
  waiting: [`state = 'pending'`, `state IN ${LIVE}`],
} as const;
