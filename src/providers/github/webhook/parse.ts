import { parseJson } from '../../parse-json.js';
import { MalformedPayload, type RawDelivery } from '../../webhook-scheme.js';
import { onlyFormField } from './form.js';

/** A webhook's content type is a setting at GitHub: JSON, or a form with the JSON in its field `payload`. */
export function parse({ headers, body, text }: RawDelivery): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return parseJson(body, text);
  if (type !== 'application/x-www-form-urlencoded') {
    throw new MalformedPayload('the content-type must be application/json or application/x-www-form-urlencoded');
  }
  return parseJson(onlyFormField(body, 'payload'));
}
