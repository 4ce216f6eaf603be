import { randomUUID } from 'node:crypto';
import type { Logger } from '../../log.js';
import { OPERATOR_ACTS } from '../../runs/operator-acts.js';
import type { Store } from '../../store/store.js';
import { plainName } from '../plain-name.js';
import { operatorAct } from './contract/operator-acts.js';
import type { ActBy, OperatorAct, OperatorActsAnswer } from './contract.js';
import { operatorName } from './operator-name.js';

/** What an operator has just done. */
export type NewAct = ActBy & Pick<OperatorAct, 'act' | 'on' | 'result'>;

/** The last Unix ms that JavaScript knows: keys count down from it, so that the latest act comes first. */
const LAST_MS = 8_640_000_000_000_000;
/** The form of a key. */
export const ACT_KEY = /^\d{16}-[0-9a-f]{8}$/;
/** In characters: of what an act is on. */
const MAX_NAME = 500;

/**
 * Returns what keeps who did what. It never rejects: what was done is done, also where the store can't write. It is in the log then.
 */
export function createActRecord({
  records,
  log,
}: {
  readonly records: Pick<Store['records'], 'upsert'>;
  readonly log: Logger;
}): (act: NewAct) => Promise<void> {
  return async (said) => {
    const now = Date.now();
    const { result, ...act } = { ...said, by: operatorName(said.by), on: plainName(said.on, MAX_NAME) };
    const done = { ...act, ...(result !== undefined && { result: plainName(result, MAX_NAME) }) };
    log.info(done, 'an operator acted');
    const key = `${String(LAST_MS - now).padStart(16, '0')}-${randomUUID().slice(0, 8)}`;
    const data: OperatorAct = { at: new Date(now).toISOString(), ...done };
    await records
      .upsert({ collection: OPERATOR_ACTS, key, version: now, data })
      .catch((err: unknown) => log.error({ err, ...done }, 'what an operator did could not be recorded'));
  };
}

/** Returns a page of what operators have done, the latest first. */
export async function listActs(
  records: Pick<Store['records'], 'list'>,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<OperatorActsAnswer> {
  const found = await records.list(OPERATOR_ACTS, { limit: limit + 1, after });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const acts = rows.flatMap(({ data }) => operatorAct.safeParse(data).data ?? []);
  return { acts, ...(found.length > rows.length && last && { next: last.key }) };
}
