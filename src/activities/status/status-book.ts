import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RecordStore, StoredRecord } from '../../store/store.js';

/** A report of a run on one commit and context, as it is kept until the provider has it. */
export interface Report {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error' | 'skipped';
  readonly description: string;
  readonly targetUrl?: string | undefined;
  /** Workflow id of the run. */
  readonly run: string;
  /** Sorts the reports of a commit and context by age; see {@link orderOf}. */
  readonly order: string;
  /** Its run turns the status neither green nor pending after it. */
  readonly binding?: true | undefined;
}

/** A report that the provider may still have to be told, or that a later one has to follow. */
export interface OpenReport {
  readonly report: Report;
  /** The run leaves it to the sweep: its provider was away for long. */
  readonly left: boolean;
  /** Unix ms. */
  readonly since: number;
  /** Name and version of its row. */
  readonly key: string;
  readonly version: string;
}

/** What Hookyard has reported on commits, so that an older run says nothing over a newer one, and each report has an end. */
export interface StatusBook {
  /** Notes a report before it is written. Returns false, and notes nothing, where a newer one was noted. */
  note(report: Report): Promise<boolean>;
  /** Returns the newest report that was noted on the same commit and context. */
  newest(of: Pick<Report, 'source' | 'repository' | 'sha' | 'context'>): Promise<Report | undefined>;
  /** Notes that a report has reached its provider, or never will. One that has ended is not open any more. */
  settle(report: Report): Promise<void>;
  /** Leaves a report that could not be written to the sweep. */
  leave(report: Report): Promise<void>;
  /** Removes the row of what a newer report has outdone. */
  drop(open: Pick<OpenReport, 'key' | 'version'>): Promise<void>;
  /** Returns a page of what is open, by key. */
  open(page: { readonly limit: number; readonly after?: string | undefined }): Promise<OpenReport[]>;
}

/** The newest report on each commit and context: a collection that automations can't write to. Stored: the name stays. */
export const NEWEST_STATUSES = 'hookyard.statuses';
/** The reports that their provider may still have to be told, or that a later one has to follow. */
const OPEN = 'hookyard.statuses.open';

/** Added to a report's order, each sorting after the one before: in its open row while a sweep has it, and by its run's end. */
const LEFT = '/left';
const WRITTEN = '/left/written';
const OVER = '/over';

const reportSchema: z.ZodType<Report> = z.object({
  source: z.string(),
  repository: z.string(),
  sha: z.string(),
  context: z.string(),
  state: z.enum(['pending', 'success', 'failure', 'error', 'skipped']),
  description: z.string(),
  targetUrl: z.string().optional(),
  run: z.string(),
  order: z.string(),
  binding: z.literal(true).optional(),
});

/**
 * Returns what sorts a report among those of its commit and context: by the start of its run, then by when the run asked
 * for it, since a run that was reset begins when the first one did. `startedAt` is ISO 8601, `askedAt` Unix ms, `place` the
 * activity's id, which counts within the run.
 * What runs say that were not let in is older than all that others say: anybody may open a pull request with a commit of ours,
 * and what waits for an approval there must not hide what the commit's own run has found.
 */
export function orderOf(of: {
  startedAt: string;
  runId: string;
  askedAt: number;
  place: string;
  unadmitted?: boolean;
}): string {
  const asked = String(Math.trunc(of.askedAt)).padStart(15, '0');
  const place = String(Number.parseInt(of.place, 10) || 0).padStart(10, '0');
  // Times begin with the year.
  return `${of.unadmitted ? '0/' : ''}${of.startedAt}/${asked}/${of.runId}/${place}`;
}

/** Returns what follows a report whose run can't say more: it takes the place of its open row too. */
export function endedReport(report: Report, because: string): Report {
  return { ...report, state: 'error', description: because, order: `${report.order}${OVER}` };
}

/** Returns the book that the store keeps. */
export function createStatusBook(records: RecordStore): StatusBook {
  const put = (report: Report, suffix = '') =>
    records.upsert({ collection: OPEN, key: keyOf(report), version: `${report.order}${suffix}`, data: report });

  return {
    async note(report) {
      const noted = await records.upsert({
        collection: NEWEST_STATUSES,
        key: keyOf(report),
        version: report.order,
        data: report,
      });
      if (noted === 'older') return false;
      await put(report);
      return true;
    },

    async newest(of) {
      return reportSchema.safeParse((await records.get(NEWEST_STATUSES, keyOf(of)))?.data).data;
    },

    async settle(report) {
      if (report.state === 'pending') {
        const row = await records.get(OPEN, keyOf(report));
        if (row?.version === `${report.order}${LEFT}`) await put(report, WRITTEN);
        return;
      }
      for (const suffix of ['', LEFT, WRITTEN])
        await records.remove({ collection: OPEN, key: keyOf(report), version: `${report.order}${suffix}` });
    },

    async leave(report) {
      await put(report, LEFT);
    },

    async drop(row) {
      await records.remove({ collection: OPEN, ...row });
    },

    async open(page) {
      return (await records.list(OPEN, page)).flatMap((row) => toOpen(row) ?? []);
    },
  };
}

function toOpen({ key, version, data, updatedAt }: StoredRecord): OpenReport | undefined {
  const report = reportSchema.safeParse(data).data;
  return report && { report, left: String(version).endsWith(LEFT), since: updatedAt, key, version: String(version) };
}

/** Contexts are authors' texts of any length. */
function keyOf({
  source,
  repository,
  sha,
  context,
}: Pick<Report, 'source' | 'repository' | 'sha' | 'context'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([repository, context]))
    .digest('hex')
    .slice(0, 32);
  return `${source}#${sha}#${hash}`;
}
