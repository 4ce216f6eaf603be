import { z } from 'zod';
import { keptJobSchema } from '../../../runs/kept-job.js';
import { list } from './fields.js';

export const keptJobsAnswer = z.object({ jobs: list(keptJobSchema) }).describe('Jobs of a run that failed, each once.');

/** See {@link keptJobsAnswer}. */
export type KeptJobsAnswer = z.output<typeof keptJobsAnswer>;
