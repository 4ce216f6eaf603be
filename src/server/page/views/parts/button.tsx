import type { ComponentChildren } from 'preact';
import { useAround } from '../../context.js';

/** What a button of a form is for. */
interface ButtonProps {
  /** Path of the action. */
  readonly action: string;
  /** What is sent with it. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  /** It would be done twice if it were sent twice: a second press is the same act, until the page is read anew. */
  readonly once?: true;
  /** `main`: what is most likely wanted here. `danger`: what can't be taken back. */
  readonly kind?: 'main' | 'danger' | 'plain' | undefined;
  /** What puts the focus on it when it is pressed. */
  readonly keys?: string;
  readonly children: ComponentChildren;
}

/** The field by which an act is known again that is sent twice. */
export function Once() {
  return <input type="hidden" name="once" value={useAround().newKey()} />;
}

/** A button that changes something: a form of its own, so that it works without script. */
export function Button({ action, fields = {}, once, kind, keys, children }: ButtonProps) {
  const { base } = useAround();
  return (
    <form class="act" method="post" action={`${base}${action}`}>
      {Object.entries(fields).map(([name, value]) =>
        value === undefined ? null : <input key={name} type="hidden" name={name} value={value} />,
      )}
      {once && <Once />}
      <button type="submit" class={kind} aria-keyshortcuts={keys}>
        {children}
      </button>
    </form>
  );
}

/** A button that only operators see: others may not do what it does. */
export function OperatorButton(props: ButtonProps) {
  return useAround().visitor?.role === 'operator' ? <Button {...props} /> : null;
}

/**
 * A button that asks before it does what can't be taken back: without script too. `of`: what it is about, where a page has several, so
 * that it is known again when the page is.
 */
export function AskingButton({ ask, of, ...props }: ButtonProps & { readonly ask: string; readonly of?: string }) {
  if (useAround().visitor?.role !== 'operator') return null;
  const { keys, ...rest } = props;
  return (
    <details class="ask" data-key={of && `${props.action} ${of}`}>
      <summary aria-keyshortcuts={keys}>{props.children} …</summary>
      <p>{ask}</p>
      <Button {...rest} kind="danger" />
    </details>
  );
}
