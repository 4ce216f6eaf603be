import type { ServerResponse } from 'node:http';
import { artifactStorage } from '../../../storage/places.js';
import { installationOf } from '../../../store/installation.js';
import { listArtifacts, sendArtifact } from '../artifacts.js';
import type { ArtifactsAnswer } from '../contract.js';
import { artifactQuery, readQuery, runQuery } from '../query.js';

import type { SharedDeps } from './deps.js';
import type { AnswerRequest } from './request.js';

/** Returns what is answered about the artifacts of runs. */
export function artifactAnswers({ config, store: { records } }: SharedDeps) {
  const storage = artifactStorage(config, { installation: installationOf(records) });
  return {
    artifacts({ query }: AnswerRequest): Promise<ArtifactsAnswer> {
      return listArtifacts(records, readQuery(runQuery, query).id);
    },
    sendArtifact({ query }: AnswerRequest, res: ServerResponse): Promise<void> {
      const { id: run, name } = readQuery(artifactQuery, query);
      return sendArtifact(res, { records, storage, run, name });
    },
  };
}
