import { useAround } from '../context.js';
import { withQuery } from '../paths.js';
import type { Shown } from '../view.js';
import { Link } from './parts/link.js';

/** What the form is made for. */
interface SignInAsked {
  /** Where somebody wanted to. */
  readonly to: string;
  /** What the other way to sign in is called, where there is one. */
  readonly oidc: string | undefined;
  /** Why it did not work. */
  readonly because?: string;
}

/** Returns the view that asks who somebody is. */
export function signInView(asked: SignInAsked): Shown {
  return { title: 'Sign in', body: <SignIn {...asked} /> };
}

function SignIn({ to, oidc, because }: SignInAsked) {
  const { base } = useAround();
  return (
    <div class="card">
      <h1>Sign in</h1>
      {because !== undefined && (
        <p class="refused" role="alert">
          {because}
        </p>
      )}
      {oidc !== undefined && (
        <p>
          <Link class="button main" to={withQuery('/sign-in/oidc', { to })}>
            Sign in with {oidc}
          </Link>
        </p>
      )}
      <form method="post" action={`${base}/sign-in`}>
        <input type="hidden" name="to" value={to} />
        <label>
          <span>API token</span>
          <input type="password" name="token" required autocomplete="current-password" />
        </label>
        <button type="submit" class={oidc === undefined ? 'main' : undefined}>
          Sign in with the token
        </button>
      </form>
      <p class="dim">
        It is in <code>.hookyard/secrets/api-token</code> where Hookyard has made it, or in{' '}
        <code>HOOKYARD_API_TOKEN</code>.
      </p>
    </div>
  );
}
