import { refused } from '../remote/failure.js';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** One part of an address: GitHub's alphabet for names, and never `.` or `..`, which would lead to another address. */
const SEGMENT = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

/** Splits `owner/name`. Throws a `Refused` failure for anything else. */
export function parseRepository(fullName: string): Repository {
  const [owner = '', repo = '', ...rest] = fullName.split('/');
  if (rest.length > 0 || !SEGMENT.test(owner) || !SEGMENT.test(repo)) {
    throw refused(`${JSON.stringify(fullName.slice(0, 200))} is not a repository: it must read owner/name`);
  }
  return { owner, repo };
}

/** Passes a full commit id on: 40 hexadecimal digits, or 64 in a SHA-256 repository. */
export function checkSha(sha: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)) return sha;
  throw refused(`${JSON.stringify(sha.slice(0, 100))} is not a full commit id`);
}

/** Passes a workflow's file name or id on. */
export function checkWorkflow(workflow: string): string {
  if (SEGMENT.test(workflow)) return workflow;
  throw refused(
    `${JSON.stringify(workflow.slice(0, 200))} is not a workflow: give its file name (release.yml) or its id`,
  );
}

/** Passes a run's id on: digits, as a string, because GitHub's ids exceed 32 bits. */
export function checkRunId(runId: string): string {
  if (/^\d{1,20}$/.test(runId)) return runId;
  throw refused(`${JSON.stringify(runId.slice(0, 100))} is not the id of a GitHub run`);
}
