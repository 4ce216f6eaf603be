import { azurePipelines } from './azure-pipelines.js';
import { buildkite } from './buildkite.js';
import { circleci } from './circleci.js';
import type { Kind } from './fake-ci.js';
import { githubActions } from './github-actions.js';
import { gitlab } from './gitlab.js';
import { http } from './http.js';
import { jenkins } from './jenkins.js';
import { woodpecker } from './woodpecker.js';

export { type FakeCi, HEAD, type Kind, SIGN_IN, settingsOf, startFakeCi } from './fake-ci.js';

/** The CI services, by the `kind` of a build. */
export const FAKE_CIS: Readonly<Record<string, Kind>> = {
  gitlab,
  jenkins,
  buildkite,
  circleci,
  'azure-pipelines': azurePipelines,
  woodpecker,
  'github-actions': githubActions,
  http,
};
