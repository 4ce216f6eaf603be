/** The name of a job's commit status: `hookyard/<automation>`, with the job's name behind it where that adds something. */
export function contextOf(automation: string, job: string): string {
  return job === automation ? `hookyard/${automation}` : `hookyard/${automation}/${job}`;
}
