/** A part of a rendered comment, in the order in which it is read. */
export type Piece =
  | { readonly kind: 'quote' }
  /** A line that is only a mark, between two of which GitLab quotes (`>>>`) and others set formulas (`$$`). */
  | { readonly kind: 'mark'; readonly mark: string }
  | { readonly kind: 'line'; readonly text: string; readonly isPlain: boolean };
