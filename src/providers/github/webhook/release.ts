import { z } from 'zod';
import type { ReleaseEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { link, refName, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

const releaseSchema = z.object({
  action: z.string(),
  release: z.object({
    tag_name: refName,
    name: text(500).nullish(),
    html_url: link.nullish(),
    draft: z.boolean().nullish(),
    prerelease: z.boolean().nullish(),
  }),
  ...envelope,
});

/**
 * The actions that are read. Others, such as `created` and `released`, come beside one of these for the same release.
 */
const ACTIONS: Readonly<Record<string, ReleaseEvent['action']>> = {
  published: 'published',
  edited: 'edited',
  // Gitea's name.
  updated: 'edited',
  deleted: 'deleted',
};

/** Reads GitHub's `release`, which Gitea and Forgejo send alike. */
export function normaliseRelease(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(releaseSchema, payload, 'release');
  const { action, release } = read;
  const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!known) return { ignored: 'another release event says the same' };
  return {
    event: {
      ...toEventBase(read, context),
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
