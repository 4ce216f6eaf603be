import { z } from 'zod';
import { inAnyCase } from '../../events/repository-name.js';
import { isAhead } from '../../lanes/lane.js';
import type { LaneRecord, Store } from '../../store/store.js';
import type { Meant } from './forget-scope.js';

/** Lanes that are listed at once, and removed in one transaction. */
const PAGE = 500;

/**
 * Removes the lanes of what is meant, or only counts them: their titles hold the names of repositories and branches. Not those that
 * somebody is in or holds up. Returns how many.
 */
export async function forgetLanes(
  { lanes, forgetting }: Pick<Store, 'lanes' | 'forgetting'>,
  { dryRun, ...meant }: Meant & { readonly dryRun: boolean },
): Promise<number> {
  const names: string[] = [];
  for (let after: string | undefined; ; ) {
    // All titles hold an empty text. Without one, only lanes are listed that somebody is in or holds up.
    const page = await lanes.list({ named: '', limit: PAGE, after });
    names.push(...page.filter((one) => isIdle(one) && isOf(one, meant)).map(({ lane }) => lane));
    after = page.at(-1)?.lane;
    if (page.length < PAGE) break;
  }
  if (dryRun) return names.length;
  let removed = 0;
  for (let from = 0; from < names.length; from += PAGE)
    removed += await forgetting.lanes(names.slice(from, from + PAGE));
  return removed;
}

function isIdle({ mode, entries }: LaneRecord): boolean {
  return mode === 'open' && entries.length === 0;
}

/** What names neither means no lane. A name with a blank in it may be the beginning of another one: such lanes go once nobody has used them for long. */
function isOf({ lane, title }: LaneRecord, { repository, source }: Meant): boolean {
  if (source === undefined && repository === undefined) return false;
  if (source !== undefined && sourceOf(lane) !== source) return false;
  return repository === undefined || (!repository.includes(' ') && inAnyCase(` ${repository} `).test(` ${title} `));
}

const named = z.tuple([z.string(), z.string()], z.unknown());

/** Returns the source of a lane; undefined for one over all of them, and for one of which only the title is known. */
function sourceOf(lane: string): string | undefined {
  if (isAhead(lane)) return undefined;
  try {
    const [scope, source] = named.parse(JSON.parse(lane));
    return scope === 'everywhere' ? undefined : source;
  } catch {
    return undefined;
  }
}
