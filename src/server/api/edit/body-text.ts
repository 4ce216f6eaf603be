import { isUtf8 } from 'node:buffer';
import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import { jsonProblem } from './json-problem.js';

/** The field of a form in which some providers send their JSON. */
const PAYLOAD = 'payload';
const FORM = /^application\/x-www-form-urlencoded\b/i;
/** Strings, what separates values, and values. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** Deeper lines are not moved further to the right: of a body that is nested deeply nothing else would be seen. */
const MAX_DEPTH = 40;

/** A body as text, and what it is. */
export interface BodyText {
  readonly text: string;
  readonly isJson: boolean;
  /** Its bytes are a form, and the text is the field `payload` of it. */
  readonly inForm: boolean;
}

/** Returns the text of a body, that of its payload where it is a form with one; undefined for bytes that are no text. */
export function textOfBody(body: Buffer, contentType = ''): BodyText | undefined {
  if (!isUtf8(body)) return undefined;
  const all = body.toString('utf8');
  const payload = FORM.test(contentType) ? new URLSearchParams(all).get(PAYLOAD) : null;
  const text = payload ?? all;
  return { text, isJson: jsonProblem(text) === undefined, inForm: payload !== null };
}

/** Returns the bytes of an edited text, in a form where the original was in one. */
export function bodyOfText(text: string, { inForm }: Pick<BodyText, 'inForm'>): Buffer {
  return Buffer.from(inForm ? `${PAYLOAD}=${encodeURIComponent(text)}` : text);
}

/** Returns JSON with a line for each value. Its texts and numbers stay as they are, also those that JavaScript would round. */
export async function indented(json: string): Promise<string> {
  let depth = 0;
  let isFirst = false;
  const line = () => `\n${'  '.repeat(Math.min(depth, MAX_DEPTH))}`;
  const pieces = await mapInTurns(json.matchAll(TOKENS), ([token]) => {
    const before = isFirst ? line() : '';
    isFirst = false;
    switch (token) {
      case '{':
      case '[':
        depth++;
        isFirst = true;
        return `${before}${token}`;
      case '}':
      case ']':
        depth--;
        // What opens and closes at once stays on one line.
        return `${before === '' ? line() : ''}${token}`;
      case ',':
        return `,${line()}`;
      case ':':
        return ': ';
      default:
        return `${before}${token}`;
    }
  });
  return pieces.join('');
}
