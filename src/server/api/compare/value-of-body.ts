/** Numbers that JavaScript would round, and texts, in which they are none. */
const LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * Returns what a body says: JSON, also in a form's field `payload`; the fields of another form; else its text. Numbers of more digits
 * than JavaScript counts with are texts: ids that differ in the last one differ.
 */
export function valueOfBody(body: Buffer, contentType = ''): unknown {
  const text = body.toString('utf8');
  const form = /^application\/x-www-form-urlencoded\b/i.test(contentType) ? new URLSearchParams(text) : undefined;
  const json = form?.get('payload') ?? text;
  try {
    return JSON.parse(json.replace(LONG_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`)));
  } catch {
    return form ? Object.fromEntries(form) : text;
  }
}
