import type { ComponentChildren } from 'preact';

/** What is folded below a line. `name`: what it is known by on the page when it is read again, where no other is called so. */
export function Fold(props: {
  readonly name: string;
  readonly line: ComponentChildren;
  readonly open?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <details data-key={props.name} open={props.open}>
      <summary>{props.line}</summary>
      {props.children}
    </details>
  );
}
