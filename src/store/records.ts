import type { Backend, RecordRow } from './backend.js';
import type { RecordStore, StoredRecord } from './store.js';

/** The records over any database. Refuses versions that can't be compared before they get there. */
export function createRecordStore(backend: Backend): RecordStore {
  return {
    async upsert({ collection, key, version, data, run }) {
      // An infinite number would never be outdone again, and what is not a number can't be compared.
      if (typeof version !== 'string' && !Number.isFinite(version)) {
        throw new TypeError(`The version of record ${key} of ${collection} must be a finite number or a string.`);
      }
      const text = JSON.stringify(data) ?? 'null';
      return backend.call(
        'upsertRecord',
        { collection, key, version, data: text, ...(run !== undefined && { run }) },
        { bytes: text.length },
      );
    },
    remove: (record) => backend.call('removeRecord', record),
    async get(collection, key) {
      const row = await backend.call('getRecord', { collection, key });
      return row && toRecord(row);
    },
    async list(collection, { limit, after }) {
      return (await backend.call('listRecords', { collection, limit, after })).map(toRecord);
    },
  };
}

function toRecord({ data, ...row }: RecordRow): StoredRecord {
  return { ...row, data: JSON.parse(data) };
}
