import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { pino } from 'pino';
import type {
  Activities,
  HostStep,
  RunJobInput,
  StatusInput,
  StepRan,
} from '../../../src/activities/contract/index.js';
import { createWithJob, type JobDeps } from '../../../src/activities/job/open-job.js';
import { createRunJob } from '../../../src/activities/job/run-job.js';
import { runStep } from '../../../src/activities/job/run-step.js';
import { createFindingsWatch } from '../../../src/activities/job/watch-findings.js';
import { workspacePrefix, workspaceRoot } from '../../../src/activities/job/workspace-root.js';
import { createMirrorRepository } from '../../../src/activities/sync/mirror-repository.js';
import type { Config } from '../../../src/config/config.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import type { LogLine, Store } from '../../../src/store/store.js';
import { tempFolder } from '../temp-folder.js';
import { activity } from './activity.js';
import { configOf, type Values } from './config.js';
import { openRepository } from './repository.js';

type Job = Partial<Omit<RunJobInput, 'steps' | 'checkout'>> & {
  steps: string[];
  checkout?: Partial<RunJobInput['checkout']>;
};

type Ran = Awaited<ReturnType<Activities['runJob']>>;

/** `again`: it is the next attempt of the step before it. */
interface Again {
  readonly again?: true;
}

export interface Jobs {
  readonly folder: string;
  readonly config: Config;
  readonly store: Store;
  readonly statuses: StatusInput[];
  readonly runJob: Activities['runJob'];
  readonly mirror: Activities['mirrorRepository'];
  /** Commits files on a branch of `acme/app`, and answers the commit's name. */
  commit(files: Record<string, string>, branch?: string): Promise<string>;
  git(...args: string[]): Promise<string>;
  input(job: Job): Promise<RunJobInput>;
  run(job: Job, attempt?: number): Promise<Ran & { lines: LogLine[]; output: string }>;
  /** Runs steps as hosts do, one after the other whatever becomes of them, with the options that they have. `again`: see {@link Again}. */
  host(job: Omit<Job, 'steps'> & { steps: readonly (HostStep & Again)[] }): Promise<StepRan[]>;
  lines(): Promise<LogLine[]>;
  workspaces(): Promise<string[]>;
  close(): Promise<void>;
}

/** Returns the folder of the only mirror that jobs have made, in its newest generation. */
export async function mirrorOf({ config }: Pick<Jobs, 'config'>): Promise<string> {
  const mirrors = join(config.data, 'mirrors');
  const [name = ''] = await readdir(mirrors);
  const generations = (await readdir(join(mirrors, name))).map(Number).sort((a, b) => a - b);
  return join(mirrors, name, String(generations.at(-1)));
}

const WORKFLOW = { workflowId: 'ci/github/one', runId: 'r' };
const AROUND = { workflowExecution: WORKFLOW, workflowType: 'ci', heartbeatTimeoutMs: 10_000 };

/** For what is to clean up: as long as it may take on a busy machine. Nobody waits any longer once it has ended. */
export const PATIENT = { gracePeriods: { interruptMs: 20_000, terminateMs: 20_000 } };

/** Opens a real repository, a real store, and the job activities over them. */
export async function openJobs(
  input: Partial<ConfigInput> = {},
  values: Values = {},
  more: Pick<JobDeps, 'releases' | 'gracePeriods'> = {},
): Promise<Jobs> {
  const folder = await tempFolder('job');
  const { git, commit } = await openRepository(folder);
  const parsed = configOf(
    {
      sources: {
        github: { kind: 'github', secrets: [{ env: 'HOOK' }], clone: { url: `${folder}/repositories/{fullName}.git` } },
      },
      ...input,
    },
    { HOOK: 'a-webhook-secret', ...values },
  );
  const config: Config = { ...parsed, data: join(folder, 'data') };
  const store = await openSqliteStore({ path: join(folder, 'data', 'hookyard.db') });
  const statuses: StatusInput[] = [];
  const deps = { config, store, log: pino({ level: 'silent' }) };
  const jobDeps = {
    ...{ ...deps, gracePeriods: { interruptMs: 400, terminateMs: 400 }, ...more },
    reportPending: async (status: StatusInput) => void statuses.push(status),
    watch: [
      createFindingsWatch({
        records: store.records,
        reportStatus: async (status) => {
          statuses.push(status);
          return { reported: true };
        },
      }),
    ],
  };
  const runJob = createRunJob(jobDeps);
  const withJob = createWithJob(jobDeps);
  const jobs: Jobs = {
    folder,
    config,
    store,
    statuses,
    runJob,
    mirror: createMirrorRepository(deps),
    git,
    commit,
    async input({ steps, checkout, ...job }) {
      return {
        name: 'test',
        env: {},
        timeoutMs: 45_000,
        context: 'hookyard/test',
        ...job,
        checkout: {
          source: 'github',
          repository: 'acme/app',
          sha: checkout?.sha ?? (await git('rev-parse', 'HEAD')),
          ref: 'refs/heads/main',
          ...checkout,
        },
        steps: steps.map((run) => ({ name: run.slice(0, 40), run })),
      };
    },
    async run(job, attempt = 1) {
      const around = activity({ attempt, ...AROUND });
      const before = (await jobs.lines()).length;
      const result = await around.run(runJob, await jobs.input(job));
      const lines = await jobs.lines();
      return {
        ...result,
        lines,
        output: lines
          .slice(before)
          .filter(({ stream }) => stream !== 'note')
          .map(({ text }) => text)
          .join('\n'),
      };
    },
    async host({ steps, ...job }) {
      const input = { ...(await jobs.input({ ...job, steps: [] })), steps: steps.length };
      const around = activity(AROUND);
      const all = () =>
        withJob(input, async (opened) => {
          const ran: StepRan[] = [];
          const { cancellationSignal: signal } = Context.current();
          let [number, attempt] = [0, 1];
          for (const { again, ...step } of steps) {
            [number, attempt] = again ? [number, attempt + 1] : [number + 1, 1];
            ran.push(await runStep(opened, { step, number, attempt, signal }));
          }
          return ran;
        });
      return around.run(all, undefined);
    },
    lines: () => store.logs.read({ workflowId: WORKFLOW.workflowId, job: 'test' }, { after: 0, limit: 5_000 }),
    workspaces: async () =>
      (await readdir(await workspaceRoot(config))).filter((name) => name.startsWith(workspacePrefix(config))),
    close: () => store.close(),
  };
  return jobs;
}

export { activity, WORKFLOW };
