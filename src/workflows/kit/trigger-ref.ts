import type { CiRef } from '../../activities/contract/index.js';
import { whyNotBuildable } from '../run/buildable.js';
import type { BuildableEvent } from './buildable-event.js';

/** Says why a stranger's code is not built elsewhere, with what to do. */
export const STRANGERS =
  "the commit may be a stranger's, and would be built with the service's secrets; set trust: true if it may be";

/** Returns the commit that a build of an event's branch or tag should be of; undefined while it is not known. */
export function shaOf(event: BuildableEvent): string | undefined {
  return event.kind === 'tag' && event.unpeeled ? undefined : event.commit.sha;
}

/** Returns the branch or the tag that an event is about. `caller`: what the author has called with it. */
export function refOf(event: BuildableEvent, caller: string): CiRef {
  switch (event.kind) {
    case 'push':
    case 'merge_group':
    case 'branch_head':
      return { kind: 'branch', name: event.branch };
    case 'tag':
    case 'tag_head':
      return { kind: 'tag', name: event.tag };
    case 'pull_request':
      return { kind: 'branch', name: event.pullRequest.head.ref };
    default: {
      // The types do not hold when modules are loaded.
      const { kind } = event satisfies never as BuildableEvent;
      throw new Error(`${caller}(): ${whyNotBuildable(kind)}; or name the branch or tag in ref`);
    }
  }
}
