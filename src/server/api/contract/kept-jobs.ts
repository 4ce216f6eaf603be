import type { KeptJob } from '../../../runs/kept-job.js';

/** `GET /api/runs/kept?id=<workflow id>`: its jobs that failed, each once. */
export interface KeptJobsAnswer {
  readonly jobs: readonly KeptJob[];
}
