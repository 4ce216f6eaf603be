import type { Request } from 'express';

/** Returns whether a request asks for JSON: by its path's end, see {@link withoutJsonEnd}, or by what it accepts first. */
export function wantsJson(req: Request): boolean {
  return req.res?.locals.isJson === true || req.accepts(['html', 'json']) === 'json';
}

/** Returns whether a person looks: only browsers ask for HTML by name. */
export function wantsHtml(req: Request): boolean {
  return req.res?.locals.isJson !== true && (req.headers.accept ?? '').includes('text/html');
}

/** Returns a URL without `.json` at the end of its path, and whether it was there. The JSON of `/` is `/index.json`. */
export function withoutJsonEnd(url: string): { readonly url: string; readonly isJson: boolean } {
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(url) ?? [];
  if (!path.endsWith('.json')) return { url, isJson: false };
  const plain = path === '/index.json' ? '/' : path.slice(0, -'.json'.length);
  return { url: `${plain}${query}`, isJson: true };
}
