import { z } from 'zod';
import type { ReleaseEvent } from '../../../events/event.js';
import { narrow } from '../../parse.js';
import { link, refName, repositorySchema, text, toRepository, toSender, userSchema } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

const releaseSchema = z.object({
  action: z.string(),
  release: z.object({
    tag_name: refName,
    name: text(500).nullish(),
    html_url: link.nullish(),
    draft: z.boolean().nullish(),
    prerelease: z.boolean().nullish(),
  }),
  repository: repositorySchema,
  sender: userSchema.nullish(),
});

/** Others, such as `created` and `released`, come beside one of these for the same release. */
const ACTIONS: Readonly<Record<string, ReleaseEvent['action']>> = {
  published: 'published',
  edited: 'edited',
  // Gitea's word.
  updated: 'edited',
  deleted: 'deleted',
};

/** GitHub's `release`, which Gitea and Forgejo send alike. */
export function normaliseRelease(payload: unknown, context: ProviderContext): Normalised {
  const { action, release, repository, sender } = narrow(releaseSchema, payload, 'release');
  const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!known) return { ignored: 'another release event tells the same' };
  return {
    event: {
      ...context,
      repository: toRepository(repository),
      sender: toSender(sender),
      kind: 'release',
      action: known,
      tag: release.tag_name,
      ...(release.name && { name: release.name }),
      ...(release.html_url && { url: release.html_url }),
      draft: release.draft === true,
      prerelease: release.prerelease === true,
    },
  };
}
