import { parseJson } from '../../parse-json.js';
import type { RawDelivery } from '../../webhook-scheme.js';
import { onlyFormField } from './form.js';

/**
 * Returns the JSON of a body. At GitHub, a setting of the webhook says whether the body is JSON, or a form with the
 * JSON in its field `payload`. Whatever is not called a form is read as JSON: its type has many names. Throws {@link MalformedPayload}.
 */
export function parse({ headers, body, text, maxValues }: RawDelivery): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return parseJson(body, { text, maxValues });
  return parseJson(onlyFormField(body, 'payload'), { maxValues });
}
