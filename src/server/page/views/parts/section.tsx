import type { ComponentChildren } from 'preact';

/** A part of a view under a heading of its own. `count`: how many there are of what it is about. */
export function Section(props: {
  readonly id: string;
  readonly title: string;
  readonly count?: number | string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <section aria-labelledby={props.id}>
      <h2 id={props.id}>
        {props.title}
        {props.count !== undefined && (
          <>
            {' '}
            <span class="count">{props.count}</span>
          </>
        )}
      </h2>
      {props.children}
    </section>
  );
}
