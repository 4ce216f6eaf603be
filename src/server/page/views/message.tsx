import type { Shown } from '../view.js';

/** Returns a view that says one thing: what is not there, what was refused, what went wrong. */
export function messageView(title: string, text: string): Shown {
  return {
    title,
    body: (
      <>
        <h1>{title}</h1>
        <p class="message">{text}</p>
      </>
    ),
  };
}
