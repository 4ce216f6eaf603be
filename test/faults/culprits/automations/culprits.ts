import { proxyActivities } from '@temporalio/workflow';
import { automation, push } from 'hookyard/workflow';
import type * as steps from '../steps.js';

// Short: what a process was at work on when it died is given to the next after this time.
const { leave, reject, crash, well } = proxyActivities<typeof steps>({ startToCloseTimeout: '5 seconds' });
const { fill, hold } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' });

/** One that harms nobody. */
export const harmless = automation({ on: push({ branches: ['harmless'] }) }, async () => {
  await well();
});

export const loops = automation({ on: push({ branches: ['loops'] }) }, async () => {
  for (;;) {}
});

export const fillsCode = automation({ on: push({ branches: ['fillsCode'] }) }, async () => {
  const kept: number[][] = [];
  for (let megabytes = 0; megabytes < 4_608; megabytes += 1) kept.push(new Array<number>(131_072).fill(megabytes));
  return kept.length;
});

export const forgets = automation({ on: push({ branches: ['forgets'] }) }, async () => {
  void Promise.reject(new Error('nobody handles this'));
  await well();
});

export const rejects = automation({ on: push({ branches: ['rejects'] }) }, async () => reject());
export const leaves = automation({ on: push({ branches: ['leaves'] }) }, async () => leave());
export const crashes = automation({ on: push({ branches: ['crashes'] }) }, async () => crash());
export const fills = automation({ on: push({ branches: ['fills'] }) }, async () => fill());
export const holds = automation({ on: push({ branches: ['holds'] }) }, async () => hold());
