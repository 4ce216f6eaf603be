import { z } from 'zod';
import { ANSWER_WAYS, type ApprovalRef } from './approval.js';

/**
 * What is kept of approvals beside the synced records, in collections that automations can't write to. Apart from
 * `approval.ts`, because zod would add a megabyte to the workflow bundle.
 */

/** Collection of the approvals that runs wait for, and whom they wait for. */
export const OPEN_APPROVALS = 'hookyard.open-approvals';

/** Collection of those that have ended: who, when, how, which commit. */
export const ENDED_APPROVALS = 'hookyard.ended-approvals';

const personSchema = z.object({ login: z.string(), id: z.string().optional() });

const givenSchema = personSchema.extend({
  at: z.string(),
  how: z.enum(ANSWER_WAYS),
  sha: z.string().optional(),
});

const openSchema = z.object({
  /** Workflow id. */
  run: z.string(),
  automation: z.string(),
  name: z.string(),
  nth: z.number(),
  source: z.string().optional(),
  repository: z.string().optional(),
  /** The provider's id of the repository: renaming does not change it. */
  repositoryId: z.string().optional(),
  /** Of the pull request that it is about. */
  number: z.number().optional(),
  /** The branch that it is about, of what is about no pull request. */
  branch: z.string().optional(),
  sha: z.string().optional(),
  by: z.array(z.string()),
  quorum: z.number(),
  authors: z.array(personSchema),
  allowAuthor: z.boolean(),
  operators: z.boolean(),
  /** When its event was received (Unix ms): a push that came later makes it void, and an answer that came earlier did not mean it. */
  since: z.number(),
  /** When the provider last changed the pull request, ISO 8601: deliveries may come in any order. */
  changedAt: z.string().optional(),
  /** The commit that the branch was at before. */
  before: z.string().optional(),
  /** It is about a closing, which so does not end it. */
  closing: z.literal(true).optional(),
  /** ISO 8601. */
  askedAt: z.string(),
  expiresAt: z.string(),
  given: z.array(givenSchema),
});

const endedSchema = openSchema.extend({
  state: z.enum(['approved', 'rejected', 'expired', 'outdated', 'withdrawn']),
  /** In words: who rejected it and why, by what it was outdated. */
  because: z.string().optional(),
  endedAt: z.string(),
});

/** An approval that a run waits for. */
export type OpenApproval = Readonly<z.output<typeof openSchema>>;

/** An approval that a run waits for no more. */
export type EndedApproval = Readonly<z.output<typeof endedSchema>>;

/** Reads a record of {@link OPEN_APPROVALS}. Undefined for what another version wrote in another form. */
export function openApprovalOf({ data }: { readonly data: unknown }): OpenApproval | undefined {
  return openSchema.safeParse(data).data;
}

/** Reads a record of {@link ENDED_APPROVALS}, as {@link openApprovalOf} does. */
function endedApprovalOf({ data }: { readonly data: unknown }): EndedApproval | undefined {
  return endedSchema.safeParse(data).data;
}

/** Returns what the keys of a run's approvals begin with. */
function keysOfRun(run: string): string {
  return `${run} `;
}

/** Returns the key of an approval, in both collections. */
export function approvalKey({ run, name, nth }: ApprovalRef & { readonly run: string }): string {
  return `${keysOfRun(run)}${name} ${nth}`;
}

interface Listing {
  list(
    collection: string,
    options: { limit: number; after?: string | undefined },
  ): Promise<{ readonly key: string; readonly data: unknown }[]>;
}

const PAGE = 200;
/** Far more than a person can answer. */
const MOST = 10_000;

/** Returns the approvals that runs wait for; with `run`, those of one run. */
export async function openApprovals(records: Listing, run?: string): Promise<OpenApproval[]> {
  return listed(records, { collection: OPEN_APPROVALS, run, read: openApprovalOf });
}

/** Returns the approvals of a run that have ended. */
export async function endedApprovals(records: Listing, run: string): Promise<EndedApproval[]> {
  return listed(records, { collection: ENDED_APPROVALS, run, read: endedApprovalOf });
}

async function listed<T extends { readonly run: string }>(
  records: Listing,
  of: { collection: string; run: string | undefined; read: (row: { readonly data: unknown }) => T | undefined },
): Promise<T[]> {
  const found: T[] = [];
  let after = of.run === undefined ? undefined : keysOfRun(of.run);
  while (found.length < MOST) {
    const rows = await records.list(of.collection, { limit: PAGE, after });
    const own = rows.filter(({ key }) => of.run === undefined || key.startsWith(keysOfRun(of.run)));
    found.push(...own.flatMap((row) => of.read(row) ?? []).filter(({ run }) => of.run === undefined || run === of.run));
    if (own.length < PAGE) break;
    after = rows.at(-1)?.key;
  }
  return found;
}
