/** A part of a rendered comment, in the order in which it is read. */
export type Piece =
  | { readonly kind: 'quote' }
  /** A line that is a mark, between two of which GitLab quotes (`>>>`, or more) and others set formulas (`$$`, `[`) and drawings (`:::`). */
  | { readonly kind: 'mark'; readonly mark: string }
  | { readonly kind: 'line'; readonly text: string; readonly isPlain: boolean };
