import { parseJson } from '../../parse-json.js';
import { MalformedPayload, type RawDelivery } from '../../webhook-scheme.js';
import { onlyFormField } from './form.js';

/**
 * Returns the JSON of a body. At GitHub, a setting of the webhook says whether the body is JSON, or a form with the
 * JSON in its field `payload`. Throws {@link MalformedPayload}.
 */
export function parse({ headers, body, text }: RawDelivery): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return parseJson(body, text);
  if (type !== 'application/x-www-form-urlencoded') {
    throw new MalformedPayload('the content-type must be application/json or application/x-www-form-urlencoded');
  }
  return parseJson(onlyFormField(body, 'payload'));
}
