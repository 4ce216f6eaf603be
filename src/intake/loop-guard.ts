/** A delivery that the provider says belongs to a chain: all that comes of one action. */
export interface ChainLink {
  readonly source: string;
  /** The provider's id of the chain. */
  readonly chain: string;
  /** Key of the delivery: one that is sent again, because it was not stored the first time, counts once. */
  readonly key: string;
  /** When it was received, Unix ms. */
  readonly at: number;
}

/** Counts the deliveries of chains. */
export interface LoopGuard {
  /** Counts a delivery of a chain. Returns why it is a loop, in words that follow "ignored: ", or undefined. */
  look(link: ChainLink): string | undefined;
}

/** When a chain is a loop. */
export interface LoopLimits {
  /** Deliveries of one chain within the window that are not yet a loop. */
  readonly most: number;
  /** In milliseconds. */
  readonly windowMs: number;
  /** Chains that are remembered; the one that was quiet for longest is forgotten first. */
  readonly remembered: number;
}

const defaultLimits: LoopLimits = { most: 20, windowMs: 3_600_000, remembered: 10_000 };

interface Chain {
  /** The newest deliveries, oldest first: at most one more than are allowed. */
  readonly links: readonly Pick<ChainLink, 'key' | 'at'>[];
  /** Deliveries since it was last quiet for a whole window. */
  readonly count: number;
}

const QUIET: Chain = { links: [], count: 0 };

/**
 * Creates what ends loops through a provider: an automation does something there, a delivery reports it, and that starts
 * the automation again. It remembers what this process has received since it started.
 */
export function createLoopGuard({ most, windowMs, remembered }: LoopLimits = defaultLimits): LoopGuard {
  const chains = new Map<string, Chain>();
  return {
    look({ source, chain, key, at }) {
      const name = `${source}/${chain}`;
      const before = chains.get(name) ?? QUIET;
      const recent = before.links.filter((link) => at - link.at < windowMs);
      const isRepeat = recent.some((link) => link.key === key);
      const count = recent.length === 0 ? 1 : before.count + (isRepeat ? 0 : 1);
      const links = isRepeat ? recent : [...recent, { key, at }].slice(-(most + 1));
      // A map keeps the order of insertion: the oldest stands first.
      chains.delete(name);
      chains.set(name, { links, count });
      if (chains.size > remembered) chains.delete(chains.keys().next().value ?? name);
      return links.length > most ? `the same action has come back ${count} times: a loop` : undefined;
    },
  };
}
