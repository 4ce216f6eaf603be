/** A text as it is, with its lines. A long one scrolls by itself, with the keys too: so it takes the focus. */
export function TextBlock({ text, isWrong }: { readonly text: string; readonly isWrong?: boolean }) {
  return (
    <pre class={isWrong ? 'wrong' : undefined} tabindex={0}>
      {text}
    </pre>
  );
}
