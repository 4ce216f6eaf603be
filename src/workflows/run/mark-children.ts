import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Memo of a child that was given nothing. */
const GIVEN_NOTHING = 'hookyardGivenNothing';

/**
 * Gives a memo to each child that is started without arguments. A careful worker learns whose code begins when it decodes what the run was
 * given: were that nothing, it would note nobody, and blame whoever is at work beside for what the child's code does. Runs that have
 * started such children go on: of these, Temporal compares the id and the type with the history, and no memo.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      startChildWorkflowExecution(input, next) {
        const { args, memo = {} } = input.options;
        if (args.length > 0 || Object.keys(memo).length > 0) return next(input);
        return next({ ...input, options: { ...input.options, memo: { [GIVEN_NOTHING]: true } } });
      },
    },
  ],
});
