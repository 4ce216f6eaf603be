import type { Config } from '../../../config/config.js';
import { fine, problem, type Remark } from '../../../server/api/findings/finding.js';
import { openBucket } from '../../../storage/s3/bucket.js';
import { checkBucket } from '../../../storage/s3/check.js';
import { bucketName } from '../../../storage/s3/settings.js';

/** Tries what jobs' caches and artifacts need in their bucket; returns nothing where they lie in the data folder. */
export async function storageFindings({ storage: { s3 } }: Pick<Config, 'storage'>): Promise<readonly Remark[]> {
  if (!s3) return [];
  const { works, lacks } = await checkBucket(openBucket(s3));
  return [
    ...(works.length > 0 ? [fine(`${bucketName(s3)}: the credentials may ${works.join(', ')}`)] : []),
    ...lacks.map(({ says, advice }) => problem(says, advice)),
  ];
}
