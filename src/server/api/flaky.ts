import { isSameRepository } from '../../events/repository-name.js';
import { FLAKY_TESTS, type FlakyTest, flakyOf } from '../../runs/flaky-records.js';
import type { RecordStore } from '../../store/store.js';
import type { FlakyTestsAnswer } from './contract.js';

const PAGE = 500;
/** Of all repositories: more flaky tests than this are not looked through. */
const MOST = 20_000;

/** Returns the tests that were flaky in the last 30 days, the latest first. */
export async function listFlakyTests(
  records: Pick<RecordStore, 'list'>,
  { repository, limit }: { readonly repository?: string | undefined; readonly limit: number },
): Promise<FlakyTestsAnswer> {
  const found: FlakyTest[] = [];
  let after: string | undefined;
  for (let read = 0; read < MOST; read += PAGE) {
    const rows = await records.list(FLAKY_TESTS, { limit: PAGE, after });
    const tests = rows.flatMap(({ data }) => flakyOf(data) ?? []);
    found.push(...tests.filter((test) => repository === undefined || isSameRepository(test.repository, repository)));
    after = rows.at(-1)?.key;
    if (rows.length < PAGE) break;
  }
  found.sort((a, b) => (a.lastAt < b.lastAt ? 1 : -1));
  return { tests: found.slice(0, limit), ...(found.length > limit && { more: true as const }) };
}
