import { parseJson } from '../../../providers/parse-json.js';

/**
 * Returns what a body says: JSON, also in a form's field `payload`; the fields of another form; else its text. Numbers of more digits
 * than JavaScript counts with are texts: ids that differ in the last one differ.
 */
export function valueOfBody(body: Buffer, contentType = ''): unknown {
  const text = body.toString('utf8');
  const form = /^application\/x-www-form-urlencoded\b/i.test(contentType) ? new URLSearchParams(text) : undefined;
  try {
    return parseJson(body, { text: form?.get('payload') ?? text });
  } catch {
    return form ? Object.fromEntries(form) : text;
  }
}
