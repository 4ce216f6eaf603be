import type { Config } from '../../config/config.js';
import type { Secret } from '../../secrets/secret.js';
import { notConfigured } from '../failures.js';

type Kind = keyof Config['channels'];

/** Returns a channel of the configuration by its name. Throws `NotConfigured`, which says what to add. */
export function channelOf<T>(channels: Readonly<Record<string, T>> | undefined, kind: Kind, name: string): T {
  const channel = channels && Object.hasOwn(channels, name) ? channels[name] : undefined;
  if (!channel)
    throw notConfigured(`channel "${name}" is not configured: add channels.${kind}.${name} to hookyard.config.ts`);
  return channel;
}

/** Returns a secret that is optional in the configuration and needed now. Throws `NotConfigured` when it is not set. */
export function needed(secret: Secret | undefined, option: string): Secret {
  if (!secret) throw notConfigured(`${option} is not set: its environment variable is empty`);
  return secret;
}
