import { useAround } from '../../context.js';
import { withQuery } from '../../paths.js';
import type { Shown } from '../../view.js';
import { Button } from './button.js';
import { Link } from './link.js';
import { Apart } from './spaced.js';
import { Time } from './time.js';

/** The whole document around a view. */
export function Layout({ shown }: { readonly shown: Shown }) {
  const { base, assets, done, now, visitor, isPublic = false } = useAround();
  const reads = visitor !== undefined || isPublic;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${shown.title} · Hookyard`}</title>
        <link rel="icon" href={`${base}${assets.icon}`} />
        <link rel="stylesheet" href={`${base}${assets.style}`} />
        {shown.hasLog && <link rel="stylesheet" href={`${base}${assets.logStyle}`} />}
        {reads && assets.modules.map((module) => <link key={module} rel="modulepreload" href={`${base}${module}`} />)}
        {visitor && shown.feed !== undefined && (
          <link rel="alternate" type="application/atom+xml" title="Its last runs" href={`${base}${shown.feed}`} />
        )}
        {reads && <script type="module" src={`${base}${assets.script}`} />}
        {reads && shown.hasLog && <script type="module" src={`${base}${assets.logScript}`} />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>{' '}
        <Bar />
        <main id="main" tabindex={-1} data-every={shown.everySeconds}>
          {done !== undefined && (
            <p class="done" role="status">
              {done}
            </p>
          )}
          {shown.body}
        </main>
        {reads && (
          <footer>
            <Apart>
              <span>
                As of <Time at={now} />
              </span>
              <JsonLink />
              {shown.everySeconds !== undefined && (
                <button type="button" class="plain pause" hidden>
                  Stop updating
                </button>
              )}
              <button type="button" class="plain keys-hint">
                Keys <kbd>?</kbd>
              </button>
            </Apart>
          </footer>
        )}
      </body>
    </html>
  );
}

function Bar() {
  const { navigation, path, query, visitor, isPublic = false } = useAround();
  const isAt = (to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));
  return (
    <header class="bar">
      <Link class="brand" to="/">
        Hookyard
      </Link>{' '}
      {visitor && (
        <nav aria-label="Views">
          <Apart>
            {navigation.map(({ path: to, title, keys }) => (
              <Link key={to} to={to} keys={keys} current={isAt(to) ? 'page' : undefined}>
                {title}
              </Link>
            ))}
          </Apart>
        </nav>
      )}
      {isPublic && (
        <div class="who">
          <Link to={withQuery('/sign-in', { to: withQuery(path, query) })}>Sign in</Link>
        </div>
      )}
      {visitor && visitor.how !== 'here' && (
        <div class="who">
          <bdi>{visitor.who}</bdi>
          {visitor.role === 'viewer' && <span class="dim"> may look</span>}
          {visitor.how !== 'proxy' && (
            <Button action="/sign-out" kind="plain">
              Sign out
            </Button>
          )}
        </div>
      )}
    </header>
  );
}

/** The same answer as JSON, which programs read. */
function JsonLink() {
  const { base, path, query } = useAround();
  const search = new URLSearchParams(query);
  const address = `${base}${path === '/' ? '/index' : path}.json${search.size > 0 ? `?${search}` : ''}`;
  return <a href={address}>JSON</a>;
}
