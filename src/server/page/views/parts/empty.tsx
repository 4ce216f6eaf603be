import type { ComponentChildren } from 'preact';

/** Says that there is nothing, and what to do so that there is, or that this is well. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
