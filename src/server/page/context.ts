import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Assets } from './assets.js';
import type { Visitor } from './sign-in/visitor.js';

/** What every part of a page may want to know of what is around it. */
export interface Around {
  /** Path of the public address, before all paths of the page; `''` where it has none. */
  readonly base: string;
  /** The path that is shown, without base and query. */
  readonly path: string;
  /** The query as it was asked for, without what is empty. */
  readonly query: Readonly<Record<string, string>>;
  /** Undefined for who has not signed in. */
  readonly visitor: Visitor | undefined;
  /** Everybody may see what is shown: it is a public run. */
  readonly isPublic?: boolean;
  /** Unix ms. */
  readonly now: number;
  readonly assets: Omit<Assets, 'find'>;
  /** The views that the navigation leads to. */
  readonly navigation: readonly NavigationItem[];
  /** Makes a key by which an act is known again that is sent twice. */
  readonly newKey: () => string;
  /** What has just been done, in words. */
  readonly done?: string | undefined;
}

/** A view that the navigation leads to. */
export interface NavigationItem {
  readonly path: string;
  readonly title: string;
  /** Pressed one after the other, they lead there: `g d`. */
  readonly keys: string;
}

const Context = createContext<Around | undefined>(undefined);

/** Gives what is around to the parts of a page. */
export const AroundPage = Context.Provider;

/** Returns what is around. Throws outside of {@link AroundPage}. */
export function useAround(): Around {
  const around = useContext(Context);
  if (!around) throw new Error('a part of a page was rendered outside of a page');
  return around;
}
