import { inspect } from 'node:util';
import type { Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { expect } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/deps.js';
import type { Config } from '../../../src/config/config.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { configSchema } from '../../../src/config/schema.js';
import { Secret } from '../../../src/secrets/secret.js';
import type { Store } from '../../../src/store/store.js';

type Values = Readonly<Record<string, string>>;

/** The configuration as it is after loading: `{ env: NAME }` replaced by the secret `values[NAME]`. */
export function configOf(input: ConfigInput, values: Values): Config {
  return resolved(configSchema.parse(input), values) as Config;
}

function resolved(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, values));
  if (typeof value !== 'object' || value === null) return value;
  if ('env' in value) {
    const found = values[String(value.env)];
    return found === undefined ? undefined : new Secret(found);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, values)]));
}

/** The real log at its most talkative, kept in `lines`. These activities use no store: touching it throws. */
export function depsOf(config: Config): ActivityDeps & { readonly lines: string[] } {
  const lines: string[] = [];
  const log = pino({ level: 'trace', base: null }, { write: (line: string) => void lines.push(line) });
  const store = new Proxy({} as Store, {
    get: (_, name) => {
      throw new Error(`the store was asked for ${String(name)}`);
    },
  });
  return { config, store, log, lines };
}

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };

export interface ActivityRun {
  run<I, O>(activity: (input: I) => Promise<O>, input: I): Promise<O>;
  cancel(): void;
  /** Details of the heartbeats, in order. */
  readonly beats: unknown[];
}

/** An activity's surroundings. A later attempt is another one with `attempt: 2`. */
export function activity(info: Partial<Info> = {}): ActivityRun {
  const environment = new MockActivityEnvironment({ scheduledTimestampMs: Date.now(), ...info }, { logger: quiet });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details) => beats.push(details));
  return {
    beats,
    cancel: () => environment.cancel(),
    run: <I, O>(fn: (input: I) => Promise<O>, input: I) => environment.run<[I], O, typeof fn>(fn, input),
  };
}

/** The failure that `work` ends with, checked for leaks of `canary` down to the last property. */
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
