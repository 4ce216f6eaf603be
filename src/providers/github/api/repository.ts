import { ProviderError } from '../../error.js';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** One part of an address: GitHub's alphabet for names, and never `.` or `..`, which would lead to another address. */
const SEGMENT = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

/** A login, also that of an app: `dependabot[bot]`. */
const LOGIN = /^[A-Za-z0-9][\w-]{0,99}(?:\[bot\])?$/;

/** Splits `owner/name`. Throws {@link ProviderError} (`refused`) for anything else, as all of these do. */
export function parseRepository(fullName: string): Repository {
  const [owner = '', repo = '', ...rest] = fullName.split('/');
  if (rest.length > 0 || !SEGMENT.test(owner) || !SEGMENT.test(repo))
    throw refusal(fullName, 'is not a repository: it must read owner/name');
  return { owner, repo };
}

/** Passes a workflow's file name or id on. */
export function checkWorkflow(workflow: string): string {
  if (SEGMENT.test(workflow)) return workflow;
  throw refusal(workflow, 'is not a workflow: give its file name (release.yml) or its id');
}

/** Passes a run's id on: digits, as a string, because GitHub's ids exceed 32 bits. */
export function checkRunId(runId: string): string {
  if (/^\d{1,20}$/.test(runId)) return runId;
  throw refusal(runId, 'is not the id of a GitHub run');
}

/** Passes a person's or an app's login on. */
export function checkLogin(login: string): string {
  if (LOGIN.test(login)) return login;
  throw refusal(login, 'is not a GitHub login');
}

function refusal(value: string, because: string): ProviderError {
  return new ProviderError('refused', `${JSON.stringify(value.slice(0, 200))} ${because}`);
}
