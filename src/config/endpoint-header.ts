/** Headers that HTTP uses between two hops, and those that we set because they describe the message. */
const RESERVED =
  /^(webhook-.*|host|content-length|content-type|content-encoding|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*)$/i;

/**
 * Returns why an endpoint can't be sent a header, in words that follow its name: it would split the request, or pretend to be a
 * signature. Undefined where it can. `value`: undefined where it is not known yet.
 */
export function problemWithHeader(name: string, value?: string): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]|[^\t\x20-\x7e]/.test(value ?? ''))
    return 'is not a header that HTTP can carry';
  return RESERVED.test(name) ? "can't be set" : undefined;
}
