/** A piece of XML, whose texts are escaped already. */
export interface Xml {
  readonly xml: string;
}

type Inside = Xml | string | undefined;

/** What XML 1.0 can't hold, even escaped, and other controls: https://www.w3.org/TR/xml/#charsets. */
const UNHOLDABLE = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Returns an element. Attributes and texts may be anything; what is undefined is left out. Names must be our own. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...inside: readonly Inside[]
): Xml {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const begin = [name, ...given.map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(' ');
  const content = inside.map((one) => (typeof one === 'object' ? one.xml : escaped(one ?? ''))).join('');
  return { xml: content === '' ? `<${begin}/>` : `<${begin}>${content}</${name}>` };
}

/** Returns a whole document. */
export function xmlDocument({ xml }: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`;
}

function escaped(text: string): string {
  return text.replace(UNHOLDABLE, '').replace(/[&<>"']/g, (one) => ESCAPED[one] ?? '');
}
