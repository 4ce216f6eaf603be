import { refusal } from '../../names.js';

/** The parts of a repository's name, as GitHub's routes call them. */
export interface OwnerAndRepo {
  readonly owner: string;
  readonly repo: string;
}

/** GitHub's alphabet for names; `.` and `..` would lead to another address. */
const SEGMENT = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

/** A login, also that of an app: `dependabot[bot]`. */
const LOGIN = /^[A-Za-z0-9][\w-]{0,99}(?:\[bot\])?$/;

/** Returns the parts of `owner/name`. Throws {@link ProviderError} (`refused`) for anything else. */
export function ownerAndRepo(fullName: string): OwnerAndRepo {
  const [owner = '', repo = '', ...rest] = fullName.split('/');
  if (rest.length > 0 || !SEGMENT.test(owner) || !SEGMENT.test(repo))
    throw refusal(fullName, 'is not a repository: it must read owner/name');
  return { owner, repo };
}

/** Returns a workflow's file name or id as it is. Throws {@link ProviderError} (`refused`) for anything else. */
export function checkedWorkflow(workflow: string): string {
  if (SEGMENT.test(workflow)) return workflow;
  throw refusal(workflow, 'is not a workflow: give its file name (release.yml) or its id');
}

/** Returns a run's id as it is: digits. Throws {@link ProviderError} (`refused`) for anything else. */
export function checkedRunId(runId: string): string {
  if (/^\d{1,20}$/.test(runId)) return runId;
  throw refusal(runId, 'is not the id of a GitHub run');
}

/** Returns a person's or an app's login as it is. Throws {@link ProviderError} (`refused`) for anything else. */
export function checkedLogin(login: string): string {
  if (LOGIN.test(login)) return login;
  throw refusal(login, 'is not a GitHub login');
}
