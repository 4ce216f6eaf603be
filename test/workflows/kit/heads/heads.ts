import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import {
  automation,
  comment,
  completed,
  deployment,
  headOf,
  manual,
  release,
  review,
  runJob,
  status,
  sync,
} from 'hookyard/workflow';

const steps = ['git rev-parse HEAD', 'echo "$HOOKYARD_REF"'];

/** What may be of forks is trusted, so that machines without a sandbox try it too. */
export const deploys = automation({ on: comment({ commands: ['deploy'] }) }, async (event) => {
  const target = event.commands?.[0]?.args[0] ?? '';
  await runJob(event, { name: 'deploy', trust: true, steps: [...steps, 'echo "to $TARGET"'], env: { TARGET: target } });
});

/** Builds twice, and a newer commit may come in between. */
export const twice = automation({ on: comment({ commands: ['twice'] }) }, async (event) => {
  let goesOn = false;
  setHandler(defineSignal('go-on'), () => {
    goesOn = true;
  });
  await runJob(event, { name: 'first', trust: true, steps });
  await condition(() => goesOn);
  await Promise.all([
    runJob(event, { name: 'second', trust: true, steps }),
    runJob(event, { name: 'third', trust: true, steps }),
  ]);
});

export const builds = automation(
  {
    on: [
      comment({ on: ['commit', 'issue'] }),
      review({ permission: 'none' }),
      release(),
      deployment({ forks: true }),
      status({ forks: true }),
    ],
  },
  async (event) => {
    await runJob(event, { name: 'build', trust: true, steps });
  },
);

/** Tells how what it is led to is marked. */
export const marks = automation({ on: deployment({ environments: ['marked'], forks: true }) }, async (event) => {
  const { kind, edited } = await headOf(event);
  await sync.upsert('notes', `marked ${event.deliveryId}`, { kind, edited }, { version: 1 });
});

export const afterDeploys = automation({ on: completed('deploys') }, async (event) => {
  await runJob(event, { name: 'after', trust: true, steps });
});

export const byHand = automation({ on: manual({ inputs: { ref: 'string' } }) }, async (event) => {
  const head = await headOf(event, { source: 'github', repository: 'acme/app', ref: event.inputs.ref });
  await runJob(head, { name: 'ship', steps });
  await sync.upsert('notes', `by hand ${event.deliveryId}`, { kind: head.kind, ref: head.ref }, { version: 1 });
});
