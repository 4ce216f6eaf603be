import { parseJson } from '../../parse-json.js';
import type { RawDelivery } from '../../webhook-scheme.js';
import { isForm, onlyFormField } from './form.js';

/**
 * Returns the JSON of a body. At GitHub, a setting of the webhook says whether the body is JSON, or a form with the
 * JSON in its field `payload`. Whatever is not called a form is read as JSON: its type has many names. Throws {@link MalformedPayload}.
 */
export function parse({ headers, body, text, maxValues }: RawDelivery): unknown {
  if (!isForm(headers)) return parseJson(body, { text, maxValues });
  return parseJson(onlyFormField(body, 'payload'), { maxValues });
}
