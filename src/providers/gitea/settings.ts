import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { gitSettings, httpUrl, tokenApi } from '../settings.js';

const family = <K extends string>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), ...gitSettings(httpUrl), api: tokenApi.optional() });

export const giteaSettings = family('gitea');
export const forgejoSettings = family('forgejo');
export const gogsSettings = family('gogs');

export type GiteaSource = Resolved<z.output<typeof giteaSettings>>;
export type ForgejoSource = Resolved<z.output<typeof forgejoSettings>>;
export type GogsSource = Resolved<z.output<typeof gogsSettings>>;

/** A source of one of the three. */
export type GiteaFamilySource = GiteaSource | ForgejoSource | GogsSource;
