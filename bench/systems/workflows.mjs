import { proxyActivities } from '@temporalio/workflow';

const { step } = proxyActivities({ startToCloseTimeout: '1 minute' });

/** The bare workflows, for what is written by hand. They take GitHub's payload, or our event. */
export async function one(input) {
  await step({ sha: shaOf(input), number: 1 });
}

export async function five(input) {
  for (let number = 1; number <= 5; number++) await step({ sha: shaOf(input), number });
}

function shaOf(input) {
  return input.after ?? input.commit.sha;
}
