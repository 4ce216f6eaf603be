import type { FilteredVerdict, Verdict } from '../triggers/verdict.js';

/**
 * Verdicts as they are stored: with hundreds of automations most say no for the same few reasons, so each reason is
 * stored once, with the names of its automations.
 */
export type PackedVerdict = Exclude<Verdict, FilteredVerdict> | FilteredVerdict | PackedRefusals;
type PackedRefusals = readonly [because: string, automations: readonly string[], part: number];

/** Returns verdicts as they are stored, each reason once. */
export function packed(verdicts: readonly Verdict[]): readonly PackedVerdict[] {
  const kept: PackedVerdict[] = [];
  const refusals: Map<string, string[]>[] = [];
  for (const verdict of verdicts) {
    if (verdict.outcome !== 'filtered') {
      kept.push(verdict);
      continue;
    }
    const { automation, because, part = 0 } = verdict;
    refusals[part] ??= new Map();
    const names = refusals[part].get(because);
    if (names) names.push(automation);
    else {
      const first = [automation];
      refusals[part].set(because, first);
      kept.push([because, first, part]);
    }
  }
  return kept;
}

/** Returns the verdicts. Those that were stored before verdicts were packed are returned as they are. */
export function unpacked(kept: readonly PackedVerdict[]): Verdict[] {
  return kept.flatMap((entry): Verdict[] => {
    if (!isRefusals(entry)) return [entry];
    const [because, automations, part] = entry;
    return automations.map((automation) => ({
      automation,
      outcome: 'filtered' as const,
      because,
      ...(part > 0 && { part }),
    }));
  });
}

function isRefusals(entry: PackedVerdict): entry is PackedRefusals {
  return Array.isArray(entry);
}
