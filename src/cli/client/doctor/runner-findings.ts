import { networkOf } from '../../../activities/job/runners/choose-runner.js';
import type { Engine } from '../../../activities/job/runners/container/engine.js';
import { findEngine, isEngine } from '../../../activities/job/runners/container/find-engine.js';
import { missingForNetwork, whyNoSandbox } from '../../../activities/job/runners/sandbox/requirements.js';
import { settleRunner } from '../../../activities/job/runners/settle-runner.js';
import type { Config } from '../../../config/config.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';

const READ = 'docs/runners.md says what it needs';

/** Tells which runners this machine can do, as a worker on it would, and why not. */
export async function runnerFindings(config: Pick<Config, 'jobs'>): Promise<readonly Remark[]> {
  const { jobs } = await settleRunner(config);
  const [sandbox, containers] = await Promise.all([sandboxFindings(jobs), containerFindings(jobs)]);
  const host = fine(
    jobs.runner === 'host'
      ? "host: the repository's own code runs as the worker's user"
      : 'host: for jobs that ask for it',
  );
  return [host, ...autoFindings(jobs), ...sandbox, ...containers];
}

function autoFindings({ settled }: Config['jobs']): readonly Remark[] {
  const { runner, because, advice = READ } = settled ?? {};
  if (because === undefined) return [];
  if (runner === 'host') return [warn(`auto: own code runs as the worker's user, since ${because}`, advice)];
  return [warn(`auto: own code does not run until a sandbox can be made, since ${because}`, advice)];
}

async function sandboxFindings(jobs: Config['jobs']): Promise<readonly Remark[]> {
  const { runner } = jobs;
  const network = networkOf(jobs);
  const missing = await whyNoSandbox();
  if (missing) {
    const { because, advice = READ } = missing;
    if (runner === 'sandbox')
      return [problem(`sandbox: no job runs here, since jobs.runner wants one and ${because}`, advice)];
    const whose = runner === 'host' ? 'the code of forks and merge queues does' : 'jobs that ask for it do';
    return [warn(`sandbox: ${whose} not run here, since ${because}`, advice)];
  }
  const works = fine(`sandbox: bubblewrap works here${runner === 'host' ? ", for a stranger's code" : ''}`);
  const lacks = await missingForNetwork();
  if (!lacks) return [works, fine(`sandbox: steps can have network, ${WHOSE[network]}`)];
  const { because, advice = READ } = lacks;
  if (network === 'none') return [works, fine(`sandbox: jobs that ask for network do not run here, since ${because}`)];
  return [
    works,
    problem(`sandbox: no job that has network runs here, as jobs.network wants it, since ${because}`, advice),
  ];
}

/** Who has network by `jobs.network`. */
const WHOSE: Readonly<Record<ReturnType<typeof networkOf>, string>> = {
  none: 'where their job asks for it',
  own: "and those of the repository's own code do",
  all: "and those of a stranger's code do too",
};

async function containerFindings(jobs: Config['jobs']): Promise<readonly Remark[]> {
  const found = await findEngine({ jobs });
  const isWanted = jobs.runner === 'container' || jobs.container.engine !== undefined;
  if (!isEngine(found)) {
    const says = `container: jobs that run in images do not run here, since ${found.because}`;
    return [isWanted ? problem(says, found.advice) : fine(says)];
  }
  const answers = fine(`container: ${found.kind} ${found.version} answers, ${rightsOf(found)}`);
  if (jobs.runner !== 'container' || jobs.container.image !== undefined) return [answers];
  return [answers, warn('container: jobs that name no image do not run', 'Set jobs.container.image to one')];
}

function rightsOf({ isRootless, remapsUsers }: Engine): string {
  if (isRootless) return 'without rights of root';
  return remapsUsers ? 'with rights of root, and users of its own for others' : 'with rights of root';
}
