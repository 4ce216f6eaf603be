import { render } from 'preact-render-to-string';
import type { TextAnswer } from '../http/send-json.js';
import { plainName } from '../plain-name.js';
import { type Around, AroundPage } from './context.js';
import type { Shown } from './view.js';
import { Layout } from './views/parts/layout.js';

/**
 * What a browser may do on a page: load style, script and answers from here, send forms here, and nothing else, also where something
 * hostile became markup after all. `same-origin` and not `no-referrer`: with that, browsers would not tell where a form comes from.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex',
  vary: 'Accept, Cookie',
};

/** In characters: browsers show some forty. */
const MAX_TITLE = 200;

/** Returns a page as a browser gets it. */
export function document(
  shown: Shown,
  around: Around,
  {
    status = 200,
    headers = {},
  }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): TextAnswer {
  const markup = render(
    <AroundPage value={around}>
      <Layout shown={{ ...shown, title: plainName(shown.title, MAX_TITLE) }} />
    </AroundPage>,
  );
  return { status, headers: { ...HEADERS, ...headers }, text: `<!doctype html>${markup}\n` };
}
