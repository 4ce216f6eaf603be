/** A tag as the page's renderer writes it: attributes in double quotes, in which `"`, `&` and `<` are escaped. */
const TAG = /<(\/?[a-zA-Z][\w-]*)((?:\s+[a-zA-Z][\w-]*(?:="[^"]*")?)*)\s*\/?>/g;

/** Returns the markup of a document without its texts and without what its attributes hold: tags, with the names of attributes. */
export function skeleton(html: string): string[] {
  return [...html.matchAll(TAG)].map(([, tag = '', attributes = '']) => {
    const names = [...attributes.matchAll(/\s([a-zA-Z][\w-]*)(?:="[^"]*")?/g)].map(([, name]) => name);
    return [tag, ...names].join(' ');
  });
}

/** Returns the values of an attribute, wherever it stands. */
export function valuesOf(html: string, attribute: string): string[] {
  return [...html.matchAll(TAG)].flatMap(([, , attributes = '']) =>
    [...attributes.matchAll(/\s([a-zA-Z][\w-]*)="([^"]*)"/g)].flatMap(([, name, value = '']) =>
      name === attribute ? [value] : [],
    ),
  );
}
