import { z } from 'zod';

/** What an activity works for: a job, which of its name that is (from 1), and which of its steps (from 0). */
export interface WorksFor {
  readonly job?: string | undefined;
  readonly nth?: number | undefined;
  readonly number?: number | undefined;
}

/** Of a job that is to be held. */
const heldSchema = z.object({ name: z.string().optional(), id: z.string().optional(), nth: z.number().optional() });
/** Of a step that is to run: where, and which it is. */
const stepSchema = z.object({ workspace: z.string(), number: z.number() });
/** Of what tells that a job is ready. */
const readySchema = z.object({
  job: z.string(),
  workspace: z.string().optional(),
  done: z.array(z.object({ number: z.number().optional(), ran: z.unknown() })).optional(),
});

/** Creates what knows the jobs of a run: by the event that scheduled what holds each, and by the workspace that each was given. */
export function createJobs() {
  const names = new Map<string, string>();
  /** Of jobs whose tries have an id each: which of its name it is, by that id. */
  const nths = new Map<string, number>();
  const inWorkspaces = new Map<string, WorksFor>();
  return {
    /** Takes what an activity was given that was scheduled by `event` as `name`, and returns what it works for. */
    schedule(event: string, name: string, input: unknown): WorksFor {
      const held = heldSchema.safeParse(input).data ?? {};
      names.set(event, held.name ?? name);
      if (held.id !== undefined && held.nth !== undefined) nths.set(held.id, held.nth);
      const step = stepSchema.safeParse(input).data;
      return step ? { ...inWorkspaces.get(step.workspace), number: step.number } : { job: held.name };
    },
    /** Returns the name of the job that is held by what `event` scheduled. */
    nameOf: (event: string): string | undefined => names.get(event),
    /** Takes what tells that a job is ready, and returns which it is, and what of it the run before has done. */
    ready(told: unknown): { readonly job: string; readonly nth: number | undefined; readonly done: Done } {
      const ready = readySchema.safeParse(told).data;
      const job = ready?.job.replace(/ \d+$/, '') ?? '';
      const nth = ready && nths.get(ready.job);
      if (ready?.workspace) inWorkspaces.set(ready.workspace, { job, nth });
      return { job, nth, done: ready?.done ?? [] };
    },
  };
}

type Done = NonNullable<z.infer<typeof readySchema>['done']>;
