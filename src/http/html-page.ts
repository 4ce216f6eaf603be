/** Comments and a declaration of XML may come first: some portals have their copyright there. */
const PAGE =
  /^\uFEFF?(?:\s|<!--(?:(?!-->)[\s\S])*-->|<\?xml\b[^>]*>)*<(?:!doctype\s+html|html|head|body|title|meta|script)\b/i;
/** In characters: of a body, for what it begins with. */
const BEGINNING = 16_384;

/** Returns whether a body is a page in HTML, as what stands before an API answers with. */
export function isPage(body: string): boolean {
  return PAGE.test(body.slice(0, BEGINNING));
}
