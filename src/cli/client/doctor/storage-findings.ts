import { settleRunner } from '../../../activities/job/runners/settle-runner.js';
import type { Config } from '../../../config/config.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';
import { openBucket } from '../../../storage/s3/bucket.js';
import { checkBucket } from '../../../storage/s3/check.js';
import { bucketName } from '../../../storage/s3/settings.js';

/** Tries what jobs' caches and artifacts need in their bucket; returns nothing where they lie in the data folder. */
export async function storageFindings(config: Pick<Config, 'storage' | 'jobs'>): Promise<readonly Remark[]> {
  const { s3 } = config.storage;
  if (!s3) return [];
  const { works, lacks } = await checkBucket(openBucket(s3));
  return [
    ...(works.length > 0 ? [fine(`${bucketName(s3)}: the credentials may ${works.join(', ')}`)] : []),
    ...lacks.map(({ says, advice }) => problem(says, advice)),
    ...(await whoReadsKeys(config)),
  ];
}

/** Tells where steps of jobs run as the worker's user, which can read the credentials of the bucket. */
async function whoReadsKeys(config: Pick<Config, 'jobs'>): Promise<readonly Remark[]> {
  const { jobs } = await settleRunner(config);
  if (jobs.runner !== 'host') return [];
  const says = "own code runs as the worker's user here, and can read the credentials of the bucket";
  return [warn(says, 'run jobs in a sandbox or container: docs/storage.md says what they reach else')];
}
