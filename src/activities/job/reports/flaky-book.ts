import {
  FAILED_TESTS,
  type FailedTests,
  FLAKY_TESTS,
  type FlakyTest,
  failedOf,
  flakyOf,
  testsKey,
} from '../../../runs/flaky-records.js';
import { versionAfter } from '../../../store/record-version.js';
import type { RecordStore, StoredRecord } from '../../../store/store.js';
import type { TestCase } from '../../contract/index.js';
import { idOf, type RawCase } from './raw-case.js';

/** The step whose tests they are. */
export interface TestsOf {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  /** The merge that was tested in the place of the commit: with another base branch, tests may fail for another reason. */
  readonly merge?: string | undefined;
  readonly automation: string;
  readonly job: string;
  /** With its folder, where it has one: packages of a repository may have a step of one name each. */
  readonly step: string;
  /** Workflow id. */
  readonly run: string;
}

/** What is remembered of tests, so that one which fails and passes on the same commit is known. */
export interface FlakyBook {
  /** Returns the tests of the step that have failed on the commit and have not passed since, by their ids. */
  failedBefore(of: TestsOf): Promise<ReadonlyMap<string, RawCase>>;
  /** Notes what a try of the step has come to. */
  note(of: TestsOf, found: { readonly failed: readonly RawCase[]; readonly flaky: readonly TestCase[] }): Promise<void>;
}

/** Failures of one step on one commit that are remembered. */
const MOST_FAILED = 200;
/** In characters. */
const LONGEST_MESSAGE = 300;

/** Returns the book that the store keeps, for 30 days. */
export function createFlakyBook(records: Pick<RecordStore, 'get' | 'upsert'>): FlakyBook {
  const keyOf = ({ source, repository, sha, merge = sha, automation, job, step }: TestsOf) =>
    testsKey(source, repository, merge, automation, job, step);
  const rowOf = (of: TestsOf) => records.get(FAILED_TESTS, keyOf(of));

  return {
    async failedBefore(of) {
      const tests = testsIn(await rowOf(of)).map(({ test: name, suite, message }): RawCase => {
        return { name, suite, outcome: 'failed', said: [{ message, text: '' }] };
      });
      return new Map(tests.map((each) => [idOf(each), each]));
    },
    async note(of, { failed, flaky }) {
      const row = await rowOf(of);
      const before = testsIn(row);
      if (before.length === 0 && failed.length === 0 && flaky.length === 0) return;
      const now = new Date();
      for (const test of flaky) await noteFlaky(records, { of, test, now });
      const passed = new Set(flaky.map(idOf));
      const failedNow = failed.map(({ name, suite, said }) => ({
        ...{ test: name, message: (said[0]?.message ?? '').slice(0, LONGEST_MESSAGE) },
        ...(suite !== undefined && { suite }),
      }));
      const names = new Set(failed.map(idOf));
      const still = before.filter(({ test: name, suite }) => {
        const id = idOf({ name, suite });
        return !passed.has(id) && !names.has(id);
      });
      const data: FailedTests = {
        ...{ source: of.source, repository: of.repository },
        tests: [...failedNow, ...still].slice(0, MOST_FAILED),
      };
      const version = versionAfter(row, now.getTime());
      await records.upsert({ collection: FAILED_TESTS, key: keyOf(of), version, data, run: of.run });
    },
  };
}

function testsIn(row: StoredRecord | undefined): FailedTests['tests'] {
  return failedOf(row?.data)?.tests ?? [];
}

async function noteFlaky(
  records: Pick<RecordStore, 'get' | 'upsert'>,
  { of, test: { name, suite, file, line, message }, now }: { of: TestsOf; test: TestCase; now: Date },
): Promise<void> {
  const { source, repository, automation, job, sha, run } = of;
  const key = testsKey(source, repository, automation, job, idOf({ name, suite }));
  const row = await records.get(FLAKY_TESTS, key);
  const before = flakyOf(row?.data);
  const data: FlakyTest = {
    ...{ source, repository, automation, job, test: name, sha, run },
    ...(suite !== undefined && { suite }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(message !== undefined && { message: message.slice(0, LONGEST_MESSAGE) }),
    times: (before?.times ?? 0) + 1,
    firstAt: before?.firstAt ?? now.toISOString(),
    lastAt: now.toISOString(),
  };
  await records.upsert({ collection: FLAKY_TESTS, key, version: versionAfter(row, now.getTime()), data, run });
}
