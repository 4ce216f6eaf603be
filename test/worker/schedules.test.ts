import { type Client, ScheduleNotFoundError, type ScheduleOptions, ServiceError } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { Automation } from '../../src/triggers/automation.js';
import { cron } from '../../src/triggers/index.js';
import { reconcileSchedules } from '../../src/worker/schedules.js';
import { keepLog } from '../support/harness/log.js';

/** A Temporal whose namespace knows these search attributes alone, and says so as its client does. */
function temporal(knows: (attribute: string) => boolean) {
  const made: string[][] = [];
  const create = async ({ action }: ScheduleOptions) => {
    const pairs = action.typedSearchAttributes as readonly { readonly key: { readonly name: string } }[];
    const names = pairs.map(({ key }) => key.name);
    const lacks = names.find((name) => !knows(name));
    if (lacks !== undefined) {
      const details = `Namespace default has no mapping defined for search attribute ${lacks}`;
      const said = Object.assign(new Error(`3 INVALID_ARGUMENT: ${details}`), { code: 3, details, metadata: {} });
      throw new ServiceError('Failed to create schedule', { cause: said });
    }
    made.push(names);
  };
  async function* list() {
    yield* [];
  }
  const client = { withDeadline: (_: number, ask: () => unknown) => ask(), schedule: { create, list } };
  return { made, client: client as unknown as Client };
}

const nightly = { name: 'nightly', on: [cron('17 3 * * *')], file: 'nightly.ts' } as unknown as Automation;
const put = (client: Client) => reconcileSchedules({ client, taskQueue: 'q', log: keepLog().log }, [nightly]);

test('a namespace that lacks search attributes gets a Schedule with those that it has had, or without any', async () => {
  const newest = temporal(() => true);
  const older = temporal((name) => name !== 'HookyardLane');
  const none = temporal(() => false);
  const whole: boolean[] = [];
  for (const { client } of [newest, older, none]) whole.push(await put(client));
  expect(whole).toEqual([true, false, false]);
  expect(newest.made.flat()).toContain('HookyardLane');
  expect(older.made).toHaveLength(1);
  expect(older.made.flat()).toContain('HookyardAutomation');
  expect(older.made.flat()).not.toContain('HookyardLane');
  expect(none.made).toEqual([[]]);
});

test('Schedules that lack search attributes are told, and have them once the namespace knows them', async () => {
  let isKnown = false;
  const { made, client } = temporal(() => isKnown);
  const { log, lines } = keepLog();
  const again = () => reconcileSchedules({ client, taskQueue: 'q', log }, [nightly]);
  expect(await again()).toBe(false);
  expect(lines()).toContainEqual(expect.objectContaining({ schedules: ['hookyard/q/nightly/0'] }));
  isKnown = true;
  expect(await again()).toBe(true);
  expect(made.at(-1)).toContain('HookyardAutomation');
});

test('why Temporal refuses a Schedule is said in its own words', async () => {
  const { client } = temporal(() => true);
  const details = 'request unauthorized';
  const said = Object.assign(new Error(`7 PERMISSION_DENIED: ${details}`), { code: 7, details, metadata: {} });
  const create = async () => {
    throw new ServiceError('Failed to create schedule', { cause: said });
  };
  const refusing = { ...client, schedule: { ...client.schedule, create } } as unknown as Client;
  await expect(put(refusing)).rejects.toThrow('hookyard/q/nightly/0: request unauthorized');
});

test('a Schedule that is listed still, though another worker has deleted it, keeps no other from being deleted', async () => {
  const { client } = temporal(() => true);
  const deleted: string[] = [];
  async function* list() {
    for (const name of ['q/gone/0', 'q/old/0', 'other/old/0']) yield { scheduleId: `hookyard/${name}` };
  }
  const getHandle = (scheduleId: string) => ({
    async delete() {
      if (scheduleId.includes('/gone/')) throw new ScheduleNotFoundError('it is completed already', scheduleId);
      deleted.push(scheduleId);
    },
  });
  const beside = { ...client, schedule: { ...client.schedule, list, getHandle } } as unknown as Client;
  expect(await put(beside)).toBe(true);
  expect(deleted).toEqual(['hookyard/q/old/0']);
});
