import type { GitSource } from '../../../providers/source.js';

/** A provider's test call. */
export interface TestCall {
  /** The provider's name for the event that it sends. */
  readonly eventName: string;
  /** Whether automations run on it. */
  readonly isRealPush: boolean;
  readonly says: string;
}

/** The test call of a kind that has one. Sources: the docblocks of `src/providers/<kind>/hooks.ts`. */
export function testCall(kind: GitSource['kind']): TestCall | undefined {
  switch (kind) {
    case 'github':
      return { eventName: 'ping', isRealPush: false, says: 'GitHub sends a ping' };
    case 'gitlab':
      return { eventName: 'Push Hook', isRealPush: true, says: `GitLab's test ${REAL_PUSH}` };
    case 'gitea':
      return { eventName: 'push', isRealPush: true, says: `Gitea's test ${REAL_PUSH}` };
    case 'forgejo':
      return { eventName: 'push', isRealPush: true, says: `Forgejo's test ${REAL_PUSH}` };
    case 'gogs':
    case 'bitbucket-cloud':
    case 'bitbucket-data-center':
    case 'azure-devops':
      return undefined;
    default:
      return kind satisfies never;
  }
}

const REAL_PUSH = "is a real push event of the default branch's last commit: automations that match it run";
