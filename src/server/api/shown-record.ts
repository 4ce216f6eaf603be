import { maskData } from '../../secrets/mask-values.js';
import type { DeliveryRecord } from '../../store/store.js';
import { hidden } from './hidden.js';

/** Headers that tell at what a webhook stands: a repository, or something above it. */
const HOOK_LEVELS = ['x-github-hook-installation-target-type', 'x-gitea-hook-installation-target-type'];

/**
 * Returns a delivery as it is shown: its events and verdicts without secrets that are known, or that their form shows to be some, and
 * of its headers only those that tell where its webhook stands. All of them are part of its content, where that is asked for.
 */
export function shownRecord<R extends DeliveryRecord>(record: R): R {
  const headers = Object.entries(record.headers).filter(([name]) => HOOK_LEVELS.includes(name));
  return {
    ...record,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, hidden(value)])),
    events: maskData(record.events, hidden),
    verdicts: record.verdicts.map((verdict) => ({ ...verdict, because: hidden(verdict.because) })),
  };
}
