/**
 * An address with a user or a password: `https://user:password@host`. They end at the last `@`, as clients read it. Looked for from the
 * end of its scheme on: a text of many words with hyphens between them would be looked through from each word on.
 */
const IN_ADDRESS = /([a-z0-9+.-]:[\\/]{2})([^\s\\/?#"'<>]{1,500})@/gi;
/** What a value begins with: `Basic `, `Token token="`. */
const SCHEME = String.raw`[a-z][\w-]*[ \t]+`;
/** Of most headers. Behind another one, what is a mere word may be the end of a label: `help wanted`. */
const USUAL_SCHEME = String.raw`(?:basic|bearer|token|negotiate|api-?key)[ \t]+`;
/** What ends a value, also where whoever quotes it has cut it. */
const VALUE_END = String.raw`(?:["']|[ \t]*(?:[\r\n]|$))`;
const ONE_VALUE = String.raw`(?:${USUAL_SCHEME}|${SCHEME}(?![a-z]{1,19}\\?["']))[^\s"']+${VALUE_END}`;
/** What is no header's value: an object, an empty list, or in JSON what is no text. JSON with it stays JSON. */
const NO_VALUE = String.raw`[[(\s]*(?:[{}\]]|(?:true|false|null|-?\d[\d.]{0,19})\s*[,}\]])`;
/**
 * What stands between a header's name and its value: `: `, `":["` as Go has it, `"=>"`, `] => `; `","value":"`; or `", "`
 * where a scheme follows, and one value behind it that is no mere word, or values with names. In JSON a repository or a label
 * may be called as the header is, and the next text names a field, or is a label of several words.
 */
const BETWEEN = [
  String.raw`\\?["']?\]?\s*[:=](?:>|(?!>))(?!${NO_VALUE})\s*(?:[[(]\s*)?(?:b(?=["']))?\\?["']?`,
  String.raw`\\?["']\s*,\s*\\?["']value\\?["']\s*:\s*\\?["']`,
  String.raw`\\?["']\s*,\s*b?\\?["'](?=${ONE_VALUE}|${SCHEME}\w+=)`,
];
/** As a header is quoted: with its name, in JSON or not. */
const IN_HEADER = new RegExp(
  String.raw`\b((?:proxy-)?authorization(?:${BETWEEN.join('|')}))(?:${SCHEME}(?:\w+=\\?["'](?=\w))?)?[^\s"',;\\]+`,
  'gi',
);
/** A name that is no secret: `git`. Others may be tokens. */
const MERE_NAME = /^[a-z][a-z_-]{0,19}$/i;

/**
 * Returns a text without what its form shows to be a credential, whoever's it is: what stands before the host of an address, and
 * the value of an `Authorization` header.
 */
export function withoutCredentials(text: string): string {
  const shown = text.includes('@')
    ? text.replace(IN_ADDRESS, (all, scheme: string, user: string) => (MERE_NAME.test(user) ? all : `${scheme}***@`))
    : text;
  return /authorization/i.test(shown) ? shown.replace(IN_HEADER, '$1***') : shown;
}
