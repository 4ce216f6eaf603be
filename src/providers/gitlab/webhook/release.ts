import { z } from 'zod';
import type { ReleaseEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { link, refName, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

const releaseSchema = z.object({
  ...envelope,
  action: z.string(),
  tag: refName,
  name: text(500).nullish(),
  url: link.nullish(),
});

const ACTIONS: Readonly<Record<string, ReleaseEvent['action']>> = {
  create: 'published',
  update: 'edited',
  delete: 'deleted',
};

/** Reads GitLab's release hook. */
export function normaliseRelease(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(releaseSchema, payload, 'release');
  const action = Object.hasOwn(ACTIONS, read.action) ? ACTIONS[read.action] : undefined;
  if (!action) return { ignored: 'no automation can listen to this release action' };
  const { tag, name, url } = read;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'release',
      action,
      tag,
      ...(name && { name }),
      ...(url && { url }),
      draft: false,
      prerelease: false,
    },
  };
}
