import { Context } from '@temporalio/activity';
import { RecordVersionError } from '../../store/store.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { refused } from '../failures.js';

const MAX_NAME = 255;
const MAX_DATA = 1024 * 1024;

/**
 * Writes a record into the store unless a newer version is there. Throws `Refused` for a name, version or data that the
 * store can't hold, and for a version that can't be compared with the stored one.
 */
export function createUpsertRecord({ store }: ActivityDeps): Activities['upsertRecord'] {
  return async function upsertRecord({ collection, key, version, data }) {
    for (const [what, name] of Object.entries({ collection, key })) {
      if (!isName(name)) {
        throw refused(`the record's ${what} must be text of 1 to ${MAX_NAME} bytes without NUL, not ${shown(name)}`);
      }
    }
    if (collection.startsWith('hookyard.'))
      throw refused(
        `collections that begin with "hookyard." are Hookyard's own: give ${shown(collection)} another name`,
      );
    // NaN and infinities arrive as null: JSON can't express them.
    if (!(typeof version === 'string' ? isName(version) : Number.isFinite(version))) {
      throw refused(
        `record ${collection}/${key} needs a version that is a finite number, or text of 1 to ${MAX_NAME} bytes ` +
          `without NUL, not ${shown(version)}`,
      );
    }
    if (Buffer.byteLength(JSON.stringify(data) ?? 'null') > MAX_DATA)
      throw refused(`record ${collection}/${key} is larger than 1 MB`);
    try {
      const run = Context.current().info.workflowExecution?.workflowId;
      const record = { collection, key, version, data: data ?? null, ...(run !== undefined && { run }) };
      return { outcome: await store.records.upsert(record) };
    } catch (error) {
      if (error instanceof RecordVersionError) throw refused(error.message);
      throw error;
    }
  };
}

/** Half a character or a NUL would be stored as something else, so that two names could become one. */
function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[^\0\p{Cs}]+$/u.test(name) && Buffer.byteLength(name) <= MAX_NAME;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}
