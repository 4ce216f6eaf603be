import type { ServerResponse } from 'node:http';
import { createTurns } from '../../../async/turns.js';
import { artifactStorage, tidyFetched } from '../../../storage/places.js';
import { installationOf } from '../../../store/installation.js';
import { HttpError } from '../../http/http-error.js';
import { listArtifacts, sendArtifact } from '../artifacts.js';
import type { ArtifactsAnswer } from '../contract.js';
import { artifactQuery, runQuery } from '../queries/runs.js';
import { readQuery } from '../query.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest } from './request.js';

/** Downloads from a bucket: each has its file on this machine until it is sent. */
const DOWNLOADS = {
  ...{ atOnce: 8, waiting: 32, waitMs: 10_000 },
  error: () => new HttpError(503, 'too much is downloaded here now: try again in a moment', { 'retry-after': '5' }),
};

/** Returns what is answered about the artifacts of runs. */
export function artifactAnswers({ config, store: { records } }: SharedDeps) {
  const storage = artifactStorage(config, { installation: installationOf(records) });
  const inTurn = config.storage.s3 ? createTurns(DOWNLOADS) : undefined;
  // No worker with this data folder may ever do it. What can't be removed is in nobody's way but the disk's.
  if (config.storage.s3) void tidyFetched(config).catch(() => undefined);
  return {
    artifacts({ query }: AnswerRequest): Promise<ArtifactsAnswer> {
      return listArtifacts(records, readQuery(runQuery, query).id);
    },
    sendArtifact({ query }: AnswerRequest, res: ServerResponse): Promise<void> {
      const { id: run, name } = readQuery(artifactQuery, query);
      return sendArtifact(res, { records, storage, run, name, inTurn });
    },
  };
}
