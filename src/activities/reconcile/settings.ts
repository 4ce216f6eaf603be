import type { Config } from '../../config/config.js';
import { namedSource } from '../../providers/named-source.js';
import { type GitSource, isGitSource } from '../../providers/source.js';
import { notConfigured } from '../failures.js';

/** The option `reconcile` of a source, where it is not switched off. */
export type ReconcileSettings = Exclude<GitSource['reconcile'], false>;

/** Returns a source and its settings for reconciling. Throws `NotConfigured` where it is not reconciled. */
export function settingsOf(config: Config, name: string): { source: GitSource; settings: ReconcileSettings } {
  const source = namedSource(config, name);
  if (!isGitSource(source))
    throw notConfigured(`source ${name} is not of a Git provider, so its missed deliveries can't be found`);
  if (!source.reconcile) throw notConfigured(`source ${name} is not reconciled: sources.${name}.reconcile is false`);
  return { source, settings: source.reconcile };
}
