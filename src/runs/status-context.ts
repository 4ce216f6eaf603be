/** Returns the name of a job's commit status: `hookyard/<automation>`, and `/<job>` where that adds something. */
export function contextOf(automation: string, job: string): string {
  return job === automation ? `hookyard/${automation}` : `hookyard/${automation}/${job}`;
}

/**
 * Returns the name of the commit status that tells how a run of an automation waits before it begins. It is none of its checks: which
 * of those its jobs report is known only once it has run.
 */
export function queueContextOf(automation: string): string {
  return contextOf(automation, automation);
}

/** Returns the name of the commit status that says whether an automation may run a fork's code. */
export function approvalContextOf(automation: string): string {
  return `hookyard/approval/${automation}`;
}

/** Returns the name of the commit status that says whom a run waits for. No job's name has a slash. */
export function askedContextOf(automation: string, approval: string): string {
  return `hookyard/${automation}/approve/${approval}`;
}

/** Returns whether a commit status is one of Hookyard's own. */
export function isOwnContext(name: string): boolean {
  return name.startsWith('hookyard/');
}

/** Returns whether a job may have this name: 1 to 50 letters, digits, `.`, `_` or `-`, which every provider takes. */
export function isJobName(name: string): boolean {
  return /^[\w.-]{1,50}$/.test(name);
}
