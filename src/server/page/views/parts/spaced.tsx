import { type ComponentChildren, toChildArray } from 'preact';

/** What stands side by side, with blanks between: style puts it apart, but not for those who read without any, or have it read aloud. */
export function Apart({ children }: { readonly children: ComponentChildren }) {
  return <>{toChildArray(children).flatMap((child, index) => (index === 0 ? [child] : [' ', child]))}</>;
}
