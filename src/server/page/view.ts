import type { ComponentChildren } from 'preact';
import type { Answers } from '../api/answers.js';
import type { NavigationItem } from './context.js';

/** What a view is asked for. */
export interface ViewAsked {
  /** The part of the path that names what is shown, decoded; `''` where the path has none. */
  readonly id: string;
  /** The part of the path that names what is shown of that, decoded; `''` where the path has none. */
  readonly part: string;
  /** Without what is empty: a form sends all of its fields. */
  readonly query: Readonly<Record<string, string>>;
  /** What somebody has filled in and sent, without what is empty; absent where nobody has. Only of views that take it. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** What they are called who look. */
  readonly who: string;
}

/** A view: what it asks of the API, and how that looks. */
export interface View {
  /** As Express takes it. `:id` is a part of a path, `*id` several. */
  readonly path: string;
  /** It has a form that changes nothing, and is shown again with what that leads to. */
  readonly takesForm?: true;
  /** Where the navigation leads to it. */
  readonly navigation?: Omit<NavigationItem, 'path'>;
  /** Undefined: there is nothing of this name. Throws as the API does. */
  open(answers: Answers, asked: ViewAsked): Promise<Opened | undefined>;
  /** What everybody may see of a run that is public, whose workflow id `id` is; absent: nothing. */
  openForAll?(answers: Answers, asked: ViewAsked): Promise<Opened | undefined>;
}

/** An answer of the API, and how it looks. */
export interface Opened {
  readonly answer: unknown;
  show(): Shown;
}

/** How a view looks. */
export interface Shown {
  /** Of the document; the heading is part of the body. */
  readonly title: string;
  readonly body: ComponentChildren;
  /** How often a browser reads it again while it is looked at, in seconds. Absent where nothing changes any more. */
  readonly everySeconds?: number | undefined;
  /** It loads the style and the script of logs too. */
  readonly hasLog?: true;
  /** Path of a feed of the same. */
  readonly feed?: string;
}

/** Returns a view. Its answer has one type for reading and showing, which nothing else needs to know. */
export function view<A>({
  read,
  show,
  forAll,
  ...rest
}: Pick<View, 'path' | 'takesForm' | 'navigation'> & {
  /** The answer is what the view's JSON is. */
  readonly read: (answers: Answers, asked: ViewAsked) => Promise<A | undefined>;
  readonly show: (answer: A, asked: ViewAsked) => Shown;
  /** Returns what everybody may see of an answer about a public run. */
  readonly forAll?: (answer: A, asked: ViewAsked) => A | undefined;
}): View {
  const opened = (answer: A | undefined, asked: ViewAsked): Opened | undefined =>
    answer === undefined ? undefined : { answer, show: () => show(answer, asked) };
  return {
    ...rest,
    open: async (answers, asked) => opened(await read(answers, asked), asked),
    ...(forAll && {
      async openForAll(answers: Answers, asked: ViewAsked) {
        const answer = await read(answers, asked);
        return opened(answer && forAll(answer, asked), asked);
      },
    }),
  };
}
