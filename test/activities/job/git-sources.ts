import type { ConfigInput } from '../../../src/config/index.js';

export type SourceInput = NonNullable<ConfigInput['sources']>[string];

/** As GitHub issues them since 2026: about 520 characters with two dots. */
export const LONG_TOKEN = `ghs_4711_${'Ab3_'.repeat(40)}.${'Cd5-'.repeat(80)}.${'Ef7'.repeat(10)}`;

const secrets = [{ env: 'HOOK' }];

export const cloud = (more: object) => ({ kind: 'bitbucket-cloud', secrets, ...more }) as SourceInput;
export const azure = (more: object) =>
  ({ kind: 'azure-devops', url: 'https://git.example', secrets, ...more }) as SourceInput;
