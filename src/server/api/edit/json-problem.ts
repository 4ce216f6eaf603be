/** A string, a number, a word, or what separates values; with the space before it. */
const TOKEN =
  /[ \t\r\n]*(?:("[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\p{Cc}]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/uy;
const SPACE = /[ \t\r\n]*/y;

/** What may come next. */
type Next = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or end' | 'nothing';

const EXPECTED = {
  value: 'a value is missing',
  'value or ]': 'a value or ] is missing',
  name: 'a name in double quotes is missing',
  'name or }': 'a name in double quotes or } is missing',
  colon: 'a colon is missing after the name',
  'comma or end': 'a comma or the closing bracket is missing',
  nothing: 'there is something after the end',
} as const satisfies Record<Next, string>;

/** Returns why a text is no JSON, with the line and the column where it goes wrong; undefined if it is. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const { at, next } = whereItBreaks(text);
    const before = text.slice(0, at).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return `line ${before.length}, column ${column}: ${at >= text.length ? 'it ends too early, ' : ''}${EXPECTED[next]}`;
  }
}

/** Reads token by token, as far as they make sense. */
function whereItBreaks(text: string): { readonly at: number; readonly next: Next } {
  const open: string[] = [];
  let next: Next = 'value';
  const after = (): Next => (open.length === 0 ? 'nothing' : 'comma or end');
  for (let at = 0; ; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, string, plain, mark] = TOKEN.exec(text) ?? [];
    const found = followed(next, { string, plain, mark, innermost: open.at(-1) });
    if (found === undefined) {
      SPACE.lastIndex = at;
      SPACE.exec(text);
      return { at: SPACE.lastIndex, next };
    }
    if (mark === '{' || mark === '[') open.push(mark);
    else if (mark === '}' || mark === ']') open.pop();
    next = found === 'value is over' ? after() : found;
  }
}

/** Returns what may come after a token; undefined where the token may not come. */
function followed(
  next: Next,
  token: {
    readonly string: string | undefined;
    readonly plain: string | undefined;
    readonly mark: string | undefined;
    readonly innermost: string | undefined;
  },
): Next | 'value is over' | undefined {
  const { string, plain, mark, innermost } = token;
  switch (next) {
    case 'value':
    case 'value or ]':
      if (string !== undefined || plain !== undefined) return 'value is over';
      if (mark === '{') return 'name or }';
      if (mark === '[') return 'value or ]';
      return next === 'value or ]' && mark === ']' ? 'value is over' : undefined;
    case 'name':
    case 'name or }':
      if (string !== undefined) return 'colon';
      return next === 'name or }' && mark === '}' ? 'value is over' : undefined;
    case 'colon':
      return mark === ':' ? 'value' : undefined;
    case 'comma or end':
      if (mark === ',') return innermost === '{' ? 'name' : 'value';
      return mark === (innermost === '{' ? '}' : ']') ? 'value is over' : undefined;
    case 'nothing':
      return undefined;
    default:
      return next satisfies never;
  }
}
