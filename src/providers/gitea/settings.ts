import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { gitSettings, httpUrl, tokenApi } from '../settings.js';

const family = <K extends string>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), ...gitSettings(httpUrl), api: tokenApi.optional() });

/** What `sources.<name>` of the kind `gitea` may hold. */
export const giteaSettings = family('gitea');

/** What `sources.<name>` of the kind `forgejo` may hold. */
export const forgejoSettings = family('forgejo');

/** What `sources.<name>` of the kind `gogs` may hold. */
export const gogsSettings = family('gogs');

/** A configured source of the kind `gitea`. */
export type GiteaSource = Resolved<z.output<typeof giteaSettings>>;

/** A configured source of the kind `forgejo`. */
export type ForgejoSource = Resolved<z.output<typeof forgejoSettings>>;

/** A configured source of the kind `gogs`. */
export type GogsSource = Resolved<z.output<typeof gogsSettings>>;

/** A source of one of the three. */
export type GiteaFamilySource = GiteaSource | ForgejoSource | GogsSource;
