import type { ListedRun, Project } from '../../api/contract.js';
import { plainName } from '../../plain-name.js';
import { element, type Xml, xmlDocument } from './xml.js';

/** In characters. */
const MAX_NAME = 300;

const STATUSES: { readonly [outcome in NonNullable<ListedRun['outcome']>]?: string } = {
  passed: 'Success',
  failed: 'Failure',
  error: 'Exception',
};

/** Returns projects as build monitors read them: https://cctray.org/v1/. `urlOf`: the address of a run's page. */
export function ccXml(projects: readonly Project[], urlOf: (run: string) => string): string {
  return xmlDocument(element('Projects', {}, ...projects.map((project) => projectElement(project, urlOf))));
}

function projectElement({ name, building, latest, last }: Project, urlOf: (run: string) => string): Xml {
  return element('Project', {
    name: plainName(name, MAX_NAME),
    activity: building ? 'Building' : 'Sleeping',
    lastBuildStatus: (last?.outcome && STATUSES[last.outcome]) ?? 'Unknown',
    lastBuildLabel: (last ?? latest).commit?.slice(0, 7) ?? (last ?? latest).runId.slice(0, 8),
    lastBuildTime: last?.endedAt ?? latest.startedAt,
    webUrl: urlOf((last ?? latest).run),
  });
}
