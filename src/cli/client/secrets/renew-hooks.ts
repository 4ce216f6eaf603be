import type { Config } from '../../../config/config.js';
import { ProviderError } from '../../../providers/error.js';
import { UserError } from '../../user-error.js';
import { connectCommand } from '../hooks/connect-command.js';
import { hookSecret } from '../hooks/hook-secret.js';
import { hooksOf, withHookRights } from '../hooks/hooks-of.js';
import type { SourceRepository } from '../hooks/needed-kinds.js';
import { hooksAt } from '../hooks/plan-hook.js';

/** Whether a repository's webhook signs with the new secret. */
export interface RenewedHook extends SourceRepository {
  readonly done: 'updated' | 'not updated';
  /** Why not, and what to do. */
  readonly because?: string;
}

/**
 * Gives the webhook of a repository that leads to `url` the newest secret of its source; its events stay as they are.
 * Never rejects for a provider that refuses.
 */
export async function renewHook(config: Config, where: SourceRepository, url: string): Promise<RenewedHook> {
  const retry = `${connectCommand(where, config.server)} --force`;
  try {
    const { source, hooks } = await hooksOf(config, where);
    const secret = hookSecret(source).reveal();
    const found = hooksAt(await withHookRights(source.kind, () => hooks.list()), url);
    if (found.length === 0)
      return { ...where, done: 'not updated', because: `it has no webhook that leads to ${url}: one above it may` };
    for (const { id, events } of found)
      await withHookRights(source.kind, () => hooks.update(id, { url, secret, events }));
    return { ...where, done: 'updated' };
  } catch (error) {
    if (!(error instanceof ProviderError || error instanceof UserError)) throw error;
    return { ...where, done: 'not updated', because: `${error.message}; once that is right: ${retry}` };
  }
}
