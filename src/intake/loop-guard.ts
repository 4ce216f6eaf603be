/** What tells an action apart from the circle that it may have become part of. */
export interface ChainLink {
  readonly source: string;
  /** The provider's mark, which it repeats for all that comes of one action. */
  readonly chain: string;
  /** Of the delivery: one that comes again, because it was not taken the first time, is no further one. */
  readonly key: string;
  /** When it came, Unix ms. */
  readonly at: number;
}

export interface LoopGuard {
  /** Counts a delivery of a chain. Answers why it is a loop, in words that follow "ignored: ", or undefined. */
  look(link: ChainLink): string | undefined;
}

export interface LoopLimits {
  /** Deliveries of one chain within the window that are still taken for an action's own. */
  readonly most: number;
  /** In milliseconds. */
  readonly windowMs: number;
  /** Chains that are remembered; the one that has been quiet for longest is forgotten first. */
  readonly remembered: number;
}

const defaultLimits: LoopLimits = { most: 20, windowMs: 3_600_000, remembered: 10_000 };

interface Seen {
  /** The newest deliveries, oldest first; one more than are allowed. */
  readonly links: readonly Pick<ChainLink, 'key' | 'at'>[];
  /** Since it was last quiet for a whole window. */
  readonly count: number;
}

/**
 * Ends circles of automations that start one another by way of a provider: what they do there is told of by a delivery,
 * which starts them again. It knows what came to this process since it began.
 */
export function createLoopGuard({ most, windowMs, remembered }: LoopLimits = defaultLimits): LoopGuard {
  const chains = new Map<string, Seen>();
  return {
    look({ source, chain, key, at }) {
      const name = `${source}/${chain}`;
      const before = chains.get(name);
      const recent = (before?.links ?? []).filter((link) => at - link.at < windowMs);
      const isRepeat = recent.some((link) => link.key === key);
      const count = recent.length === 0 ? 1 : (before?.count ?? 0) + (isRepeat ? 0 : 1);
      const links = isRepeat ? recent : [...recent, { key, at }].slice(-(most + 1));
      // A map keeps the order of insertion: the oldest stands first.
      chains.delete(name);
      chains.set(name, { links, count });
      if (chains.size > remembered) chains.delete(chains.keys().next().value ?? name);
      return links.length > most ? `the same action has come back ${count} times: a loop` : undefined;
    },
  };
}
