import type { HookEventKind } from '../../../providers/hooks-api.js';
import type { Automation } from '../../../triggers/automation.js';
import { included } from '../../../triggers/glob.js';
import type { Trigger } from '../../../triggers/trigger.js';

/** What a webhook can be asked to send, in our words. */
export const HOOK_KINDS: readonly HookEventKind[] = [
  'push',
  'tag',
  'pull_request',
  'merge_group',
  'comment',
  'review',
  'release',
  'deployment',
  'status',
];

/** A repository of a source. */
export interface SourceRepository {
  readonly source: string;
  /** `owner/name` */
  readonly repository: string;
}

/**
 * Returns what automations listen to in a repository. What is built in listens to comments, and to pull
 * requests that are closed, everywhere; of merge groups it has something to end only where others have begun it.
 */
export function neededKinds(
  automations: readonly Pick<Automation, 'on' | 'builtIn'>[],
  where: SourceRepository,
): readonly HookEventKind[] {
  const kinds = automations.flatMap(({ on, builtIn }) =>
    on
      .filter((trigger) => listens(trigger, where) && !(builtIn && trigger.kind === 'merge_group'))
      .map(({ kind }) => kind),
  );
  // Branches are deleted by pushes; at Gitea, by what tells of tags.
  const needed = kinds.flatMap((kind) => (kind === 'branch_deleted' ? ['push', 'tag'] : [kind]));
  return HOOK_KINDS.filter((kind) => needed.includes(kind));
}

/** Returns whether an automation listens to anything in a repository. */
export function listensTo({ on }: Pick<Automation, 'on'>, where: SourceRepository): boolean {
  return on.some((trigger) => HOOK_KINDS.some((kind) => kind === trigger.kind) && listens(trigger, where));
}

function listens(trigger: Trigger, { source, repository }: SourceRepository): boolean {
  const { sources, repositories } = trigger as { sources?: readonly string[]; repositories?: readonly string[] };
  if (sources && !sources.includes(source)) return false;
  return !repositories || included(repository, repositories);
}
