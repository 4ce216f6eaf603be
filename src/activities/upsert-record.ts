import { RecordVersionError } from '../store/store.js';
import type { Activities } from './contract.js';
import type { ActivityDeps } from './deps.js';
import { refused } from './remote/failure.js';

const LONGEST_NAME = 255;
const LARGEST_DATA = 1024 * 1024;

/** Writes a record into the store unless a newer version is there. */
export function createUpsertRecord({ store }: ActivityDeps): Activities['upsertRecord'] {
  return async function upsertRecord({ collection, key, version, data }) {
    for (const [what, name] of Object.entries({ collection, key })) {
      if (typeof name !== 'string' || name === '' || Buffer.byteLength(name) > LONGEST_NAME) {
        throw refused(
          `the record's ${what} must be 1 to ${LONGEST_NAME} bytes, not ${JSON.stringify(name)?.slice(0, 100)}`,
        );
      }
    }
    if (Buffer.byteLength(JSON.stringify(data) ?? 'null') > LARGEST_DATA)
      throw refused(`record ${collection}/${key} is larger than 1 MB`);
    try {
      return { outcome: await store.records.upsert({ collection, key, version, data: data ?? null }) };
    } catch (error) {
      if (error instanceof RecordVersionError) throw refused(error.message);
      throw error;
    }
  };
}
