import { executeChild } from '@temporalio/workflow';
import { automation, completed, push, runJob, secret, sync } from 'hookyard/workflow';
import { red } from './everything.js';

/** Reads the outcome of a run that it starts itself. */
export const reads = automation({ on: push() }, async (event) => {
  const { outcome } = await executeChild(red, { args: [event] });
  await sync.upsert('read', event.deliveryId, { outcome }, { version: 1 });
});

export const ruddy = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'unit', steps: ['echo before', 'exit 3'] });
  await runJob(event, { name: 'style', steps: ['exit 4'] });
});

export const afterRuddy = automation({ on: completed('ruddy', { outcomes: ['failed'] }) }, async (event) => {
  await sync.upsert('after', event.run, { outcome: event.outcome }, { version: 1 });
});

export const slips = automation({ on: push() }, async () => {
  (undefined as unknown as { name: string }).name.trim();
});

export const spills = automation({ on: push() }, async (event) => {
  const steps = [
    'for i in $(seq 500); do printf "\\033[31ma long line of a long output %s\\n" "$i"; done; echo "the token is $TOKEN"',
    'exit 1',
  ];
  await runJob(event, { name: 'spills', steps, env: { TOKEN: secret('token') } });
});
