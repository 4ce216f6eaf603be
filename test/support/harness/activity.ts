import { inspect } from 'node:util';
import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/deps.js';
import type { Config } from '../../../src/config/config.js';
import type { Store } from '../../../src/store/store.js';
import { keepLog } from './log.js';

/** Returns the dependencies of activities that use no store: touching it throws. `lines`: what was logged. */
export function depsOf(config: Config): ActivityDeps & { readonly lines: string[] } {
  const { log, printed: lines } = keepLog();
  const nothing = (part: string) =>
    new Proxy(
      {},
      {
        get: (_, call) => {
          throw new Error(`the store was asked for ${part}.${String(call)}`);
        },
      },
    );
  const store = new Proxy({} as Store, { get: (_, part) => nothing(String(part)) });
  return { config, store, log, lines };
}

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };

export interface ActivityRun {
  run<I, O>(activity: (input: I) => Promise<O>, input: I): Promise<O>;
  cancel(): void;
  /** Details of the heartbeats, in order. */
  readonly beats: unknown[];
}

/** Returns the surroundings of one attempt of an activity. A later one is another, with `attempt: 2`. `client`: what it asks Temporal with. */
export function activity(info: Partial<Info> = {}, client?: Client): ActivityRun {
  const environment = new MockActivityEnvironment(
    { scheduledTimestampMs: Date.now(), ...info },
    { logger: quiet, ...(client && { client }) },
  );
  const beats: unknown[] = [];
  environment.on('heartbeat', (details) => beats.push(details));
  return {
    beats,
    cancel: () => environment.cancel(),
    run: <I, O>(fn: (input: I) => Promise<O>, input: I) => environment.run<[I], O, typeof fn>(fn, input),
  };
}

/** Returns the failure that `work` ends with, checked for leaks of `canary` down to the last property. */
export async function failureOf(work: Promise<unknown>, canary: string): Promise<ApplicationFailure> {
  const error = await work.then(
    (value) => {
      throw new Error(`expected a failure and got ${inspect(value)}`);
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  const everything = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  expect(everything).not.toContain(canary);
  expect(JSON.stringify(error)).not.toContain(canary);
  expect(String((error as Error).stack)).not.toContain(canary);
  return error as ApplicationFailure;
}
