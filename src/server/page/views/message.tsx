import type { ErrorAnswer } from '../../api/contract.js';
import { useAround } from '../context.js';
import { withQuery } from '../paths.js';
import type { Shown } from '../view.js';
import { DeliveryLink, RunLink } from './parts/link.js';
import { Time } from './parts/time.js';

/** What a name may mean that several things have. */
type Meanings = Pick<ErrorAnswer, 'meanings' | 'runs'>;

/** Returns a view that says one thing: what is not there, what was refused, what went wrong. It leads to what may have been meant. */
export function messageView(title: string, text: string, { meanings = [], runs = [] }: Meanings = {}): Shown {
  return {
    title,
    body: (
      <>
        <h1>{title}</h1>
        <p class="message">{text}</p>
        {meanings.length + runs.length > 0 && (
          <ul>
            {meanings.map(({ id, source, eventName, receivedAt }) => (
              <li key={id}>
                <DeliveryLink id={id}>
                  {eventName} of {source}, <Time at={receivedAt} />
                </DeliveryLink>
              </li>
            ))}
            {runs.map((run) => (
              <li key={run}>
                <RunLink run={run} />
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  };
}

/** Returns the view that somebody gets whose session was over when they sent a form. `to`: the path that they sent it from. */
export function signInFirstView({ to }: { readonly to: string }): Shown {
  return { title: 'Sign in first', body: <SignInFirst to={to} /> };
}

function SignInFirst({ to }: { readonly to: string }) {
  const { base } = useAround();
  return (
    <>
      <h1>Sign in first</h1>
      <p class="message">You are not signed in any more, so nothing was changed.</p>
      <p>
        <a class="button main" href={`${base}${withQuery('/sign-in', { to })}`} target="_blank" rel="noopener">
          Sign in in another tab
        </a>{' '}
        and then send it again: where this is all that you see, reload this page.
      </p>
    </>
  );
}
