import { azurePipelines } from './azure-pipelines.js';
import { buildkite } from './buildkite.js';
import { circleci } from './circleci.js';
import { githubActions } from './github-actions.js';
import { gitlab } from './gitlab.js';
import { http } from './http.js';
import { jenkins } from './jenkins.js';
import type { CiAccess, RemoteCi } from './remote-ci.js';
import type { CiKind, CiSettings } from './settings.js';
import { woodpecker } from './woodpecker.js';

type Open<K extends CiKind> = (settings: CiSettings<K>, access: CiAccess) => RemoteCi;

/** The one table of CI services, by the `kind` of a build: adding one is a file, its settings, and its line in here. */
const REMOTE_CIS: { readonly [K in CiKind]: Open<K> } = {
  http,
  gitlab,
  jenkins,
  buildkite,
  circleci,
  'azure-pipelines': azurePipelines,
  woodpecker,
  'github-actions': githubActions,
};

/** Returns the service that a build of the configuration is made in. */
export function openRemoteCi(settings: CiSettings<CiKind>, access: CiAccess): RemoteCi {
  return (REMOTE_CIS[settings.kind] as (settings: CiSettings<CiKind>, access: CiAccess) => RemoteCi)(settings, access);
}
