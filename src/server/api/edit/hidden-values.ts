import { hidden } from '../hidden.js';

/**
 * A string of JSON, with the colon after it where it names a field. In a text that is no JSON the last one may have no end: it must be
 * taken all the same, since a look from each quote on would take time by the square of their number.
 */
const STRINGS = /("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$))(\s*:)?/gs;
/** What stands in the place of what is hidden. */
const PLACEHOLDER = '***';

/** A text with what was hidden put back, or why that can't be. */
export type Revealed = { readonly text: string } | { readonly because: string };

/**
 * Puts back what was hidden in a text that somebody has edited as it was shown. A text of JSON that was left as it was, in a field of
 * the same name, gets its own value back; one whose placeholder was edited, or that can't be told from others, is refused: nobody
 * knows what was meant, and the run would get three asterisks. `original`: as it was received.
 */
export function revealed(edited: string, original: string): Revealed {
  const shown = hidden(original);
  if (shown === original) return { text: edited };
  if (edited === shown) return { text: original };
  const [real, seen] = [stringsOf(original), stringsOf(shown)];
  if (real.length !== seen.length)
    return { because: 'a hidden value is part of what was received, and can be put back only where nothing is edited' };
  const values = new Map<string, Hidden>();
  for (const [index, { name, string }] of seen.entries()) {
    const value = real[index]?.string ?? string;
    if (value === string) continue;
    const key = `${name}:${string}`;
    const alike = values.get(key);
    if (!alike) values.set(key, { list: [value], isOne: true });
    else {
      alike.list.push(value);
      alike.isOne &&= value === alike.list[0];
    }
  }
  const known = new Set(real.map(({ string }) => string));
  return putBack(edited, { values, known });
}

/** What was hidden behind one text in fields of one name, in its order. */
interface Hidden {
  readonly list: string[];
  /** It is the same value everywhere. */
  isOne: boolean;
}

/** `values`: by a field's name and the text shown in it, those that it has there, in their order. `known`: all texts of the original. */
function putBack(
  edited: string,
  { values, known }: { readonly values: ReadonlyMap<string, Readonly<Hidden>>; readonly known: ReadonlySet<string> },
): Revealed {
  const counts = new Map<string, number>();
  const strings = stringsOf(edited);
  for (const { name, string } of strings) counts.set(`${name}:${string}`, (counts.get(`${name}:${string}`) ?? 0) + 1);
  const used = new Map<string, number>();
  let text = '';
  let end = 0;
  for (const { name, string, at } of strings) {
    const key = `${name}:${string}`;
    const candidates = values.get(key);
    if (!candidates) {
      if (!string.includes(PLACEHOLDER) || known.has(string)) continue;
      return {
        because: `line ${lineOf(edited, at)} holds ${PLACEHOLDER} in the place of a hidden value, and was edited: write the value`,
      };
    }
    const { list, isOne } = candidates;
    if (!isOne && counts.get(key) !== list.length)
      return {
        because: `line ${lineOf(edited, at)} holds one of several hidden values, and it can't be told which: write the value`,
      };
    const turn = used.get(key) ?? 0;
    used.set(key, turn + 1);
    text += edited.slice(end, at) + (list[isOne ? 0 : turn] ?? string);
    end = at + string.length;
  }
  return { text: text + edited.slice(end) };
}

/** Returns the strings of JSON, each with the name of the field that it is the value of, if it is one's. */
function stringsOf(json: string): { readonly name: string; readonly string: string; readonly at: number }[] {
  const found: { name: string; string: string; at: number }[] = [];
  let name = '';
  let end = 0;
  for (const { 0: all, 1: string = '', 2: colon, index } of json.matchAll(STRINGS)) {
    // Of a list that a field holds, no value has the field's name.
    const isNamed = colon === undefined && json.slice(end, index).trim() === '';
    found.push({ name: isNamed ? name : '', string, at: index });
    name = colon === undefined ? '' : string;
    end = index + all.length;
  }
  return found;
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
