import type { z } from 'zod';
import { FORGOTTEN_MIRRORS, forgottenSchema } from '../../runs/forgotten-mirrors.js';
import type { RecordStore } from '../../store/store.js';

/** What says that something is to be forgotten. */
export type ForgottenMark = z.output<typeof forgottenSchema>;

const PAGE = 500;

/** Returns all marks, however many: what one that is left out stands for would never be removed. */
export async function forgottenMarks(records: Pick<RecordStore, 'list'>): Promise<readonly ForgottenMark[]> {
  const marks: ForgottenMark[] = [];
  for (let after: string | undefined; ; ) {
    const rows = await records.list(FORGOTTEN_MIRRORS, { limit: PAGE, after });
    marks.push(...rows.flatMap(({ data }) => forgottenSchema.safeParse(data).data ?? []));
    after = rows.at(-1)?.key;
    if (rows.length < PAGE) return marks;
  }
}
