/**
 * Limits how many deliveries are found by their starts that failed or wait: of more than these, some are among the newest deliveries, and
 * their numbers would take a while to be put in order.
 */
export const MAX_FEW = 2_000;
