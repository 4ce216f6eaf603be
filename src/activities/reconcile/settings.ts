import type { Config } from '../../config/config.js';
import { namedSource } from '../../providers/named-source.js';
import { type GitSource, isGitSource } from '../../providers/source.js';
import { notConfigured } from '../failures.js';

export type ReconcileSettings = Exclude<GitSource['reconcile'], false>;

/** A source, and how its missed deliveries are looked for. Throws `NotConfigured` where they are not. */
export function settingsOf(config: Config, name: string): { source: GitSource; settings: ReconcileSettings } {
  const source = namedSource(config, name);
  if (!isGitSource(source))
    throw notConfigured(`source ${name} is no Git provider's: nothing tells what it has missed`);
  if (!source.reconcile) throw notConfigured(`sources.${name}.reconcile is false`);
  return { source, settings: source.reconcile };
}

const UNITS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Of words such as "10 minutes", in milliseconds. The configuration's schema has checked them. */
export function msOf(duration: string): number {
  const [count = '', unit = ''] = duration.split(' ');
  return Number(count) * UNITS[unit.replace(/s$/, '') as keyof typeof UNITS];
}
