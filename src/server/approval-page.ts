import { createHash } from 'node:crypto';
import type { TextAnswer } from './http/send-json.js';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}dt{color:#666}dd{margin:0 0 .5rem}' +
  'textarea{width:100%;box-sizing:border-box}button{font:inherit;padding:.4rem 1rem;margin:.5rem .5rem 0 0}';

/** Nothing runs or is loaded on these pages, nobody frames them, and where they lead does not learn their address. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
};

/** What is asked on the page. */
export interface Question {
  readonly name: string;
  readonly automation: string;
  readonly repository: string | undefined;
  readonly sha: string | undefined;
  /** Whose answer it is. */
  readonly person: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Returns the page that asks somebody for an approval. To look at it answers nothing: that takes a press of a button. */
export function questionPage({ name, automation, repository, sha, person, expiresAt }: Question): TextAnswer {
  const facts = [
    ['What', `${automation}${repository === undefined ? '' : ` of ${repository}`}`],
    ...(sha === undefined ? [] : [['Commit', sha]]),
    ['Asked', person],
    ['Until', `${expiresAt.slice(0, 16).replace('T', ' ')} UTC`],
  ];
  const list = facts.map(([fact = '', value = '']) => `<dt>${escaped(fact)}</dt><dd>${escaped(value)}</dd>`).join('');
  return page(
    200,
    `Approve ${name}?`,
    `<dl>${list}</dl><form method="post"><label>Why not, if you reject it<br><textarea name="why" rows="3" maxlength="500"></textarea></label><br>` +
      '<button name="answer" value="approve">Approve</button><button name="answer" value="reject">Reject</button></form>',
  );
}

/** Returns a page that says one thing. */
export function messagePage(status: number, title: string, text: string): TextAnswer {
  return page(status, title, `<p>${escaped(text)}</p>`);
}

function page(status: number, title: string, html: string): TextAnswer {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style>`;
  return {
    status,
    headers: HEADERS,
    text: `<!doctype html><html lang="en"><head>${head}</head><body><h1>${escaped(title)}</h1>${html}</body></html>\n`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
