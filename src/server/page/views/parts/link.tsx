import type { ComponentChildren } from 'preact';
import { useAround } from '../../context.js';
import { automationPath, deliveryPath, runPath } from '../../paths.js';

/**
 * A link to a path of the page. `keys`: what leads there when it is pressed. Two keys, one after the other, can't be told by
 * `aria-keyshortcuts`: there, `g d` is either of them.
 */
export function Link(props: {
  readonly to: string;
  readonly class?: string;
  readonly keys?: string | undefined;
  readonly current?: 'page' | undefined;
  readonly rel?: string;
  readonly children: ComponentChildren;
}) {
  const { base } = useAround();
  const isOne = !props.keys?.includes(' ');
  return (
    <a
      href={`${base}${props.to}`}
      class={props.class}
      rel={props.rel}
      aria-current={props.current}
      aria-keyshortcuts={isOne ? props.keys : undefined}
      data-keys={isOne ? undefined : props.keys}
    >
      {props.children}
    </a>
  );
}

/** A link to elsewhere. What is not a web address is shown as text: others write these. */
export function Out({ href, children }: { readonly href: string | undefined; readonly children: ComponentChildren }) {
  const isWeb = href !== undefined && URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
  if (!isWeb) return <span>{children}</span>;
  return (
    <a class="out" href={href} rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** A run by its workflow id, in whole. */
export function RunLink({ run }: { readonly run: string }) {
  return (
    <Link class="name" to={runPath(run)}>
      {run}
    </Link>
  );
}

/** An automation by its name. Those that come with Hookyard have no view. */
export function AutomationLink({ name }: { readonly name: string }) {
  if (/^hookyard[A-Z]/.test(name)) return <span>{name}</span>;
  return (
    <Link class="name" to={automationPath(name)}>
      {name}
    </Link>
  );
}

/** A delivery by our id of it. */
export function DeliveryLink({ id, children }: { readonly id: string; readonly children?: ComponentChildren }) {
  return (
    <Link class="name" to={deliveryPath(id)}>
      {children ?? id.slice(0, 10)}
    </Link>
  );
}
