import { sharedAnswer } from '../../../async/shared-answer.js';
import { isSameRepository } from '../../../events/repository-name.js';
import type { FeedAddresses, Project, ProjectsAnswer } from '../contract.js';
import type { FeedScope } from '../feed-keys.js';
import { listProjects } from '../projects.js';
import { feedsQuery, projectsQuery } from '../queries/feeds.js';
import { readQuery } from '../query.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest } from './request.js';

const FRESH_MS = 5_000;

/** Returns what is answered about what other programs read. All who ask for projects within five seconds share an answer. */
export function feedAnswers(deps: SharedDeps) {
  const projects = sharedAnswer(() => listProjects(deps), FRESH_MS);
  return {
    async feeds({ query }: AnswerRequest): Promise<FeedAddresses> {
      return feedAddresses(deps, readQuery(feedsQuery, query));
    },
    async projects({ query }: AnswerRequest): Promise<ProjectsAnswer> {
      const { repository, ...named } = readQuery(projectsQuery, query);
      const asked = Object.entries(named).filter(([, value]) => value !== undefined);
      const isAsked = (one: Project) =>
        (repository === undefined || isSameRepository(one.repository ?? '', repository)) &&
        asked.every(([name, value]) => (one as unknown as Record<string, unknown>)[name] === value);
      return { projects: (await projects()).projects.filter(isAsked) };
    },
  };
}

/** Returns the addresses of an automation, or of a part of its runs. */
export function feedAddresses(
  { feedKeys, publicUrl = '' }: Pick<SharedDeps, 'feedKeys' | 'publicUrl'>,
  of: Omit<FeedScope, 'kind'>,
): FeedAddresses {
  const at = (kind: FeedScope['kind']) => `${publicUrl}${feedKeys.address({ ...of, kind })}`;
  return { badge: at('badge'), feed: at('feed'), monitor: at('monitor') };
}
