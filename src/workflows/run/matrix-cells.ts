/** A value of a matrix. */
export type AxisValue = string | number | boolean;

/** The values of a matrix, by name. */
export type Axes = Readonly<Record<string, readonly AxisValue[]>>;

type Values = Readonly<Record<string, AxisValue>>;

/** As many as GitHub Actions allows: a run's history has room for them. */
const MOST_CELLS = 256;

/**
 * Returns the combinations of all values, without those that are excluded, and then those that are included and not there yet.
 * Throws where there are none or too many, and where values are none.
 */
export function cellsOf(
  axes: Axes,
  {
    exclude = [],
    include = [],
  }: { readonly exclude?: readonly Partial<Values>[]; readonly include?: readonly Values[] },
): readonly Values[] {
  const names = Object.keys(axes);
  for (const name of names) checkValues(`"${name}"`, axes[name]);
  for (const cell of include)
    for (const name of new Set([...names, ...Object.keys(cell)]))
      checkValues(`"${name}" of a cell in "include"`, [cell[name]] as readonly AxisValue[]);
  const stranger = exclude.flatMap((values) => Object.keys(values)).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new Error(`matrix(): "exclude" says "${stranger}", which no cell has: there are ${names.join(', ')}`);
  const size = names.reduce((product, name) => product * (axes[name]?.length ?? 0), 1);
  if (size + include.length > MOST_CELLS)
    throw new Error(`matrix(): ${size + include.length} cells are more than ${MOST_CELLS}: split it into several`);
  const product = names.reduce<Values[]>(
    (cells, name) => cells.flatMap((cell) => (axes[name] ?? []).map((value) => ({ ...cell, [name]: value }))),
    [{}],
  );
  const kept = product.filter((cell) => !exclude.some((values) => has(cell, values)));
  for (const cell of include) if (!kept.some((other) => has(other, cell))) kept.push(cell);
  if (names.length === 0 || kept.length === 0)
    throw new Error('matrix(): there is no cell: give it values, or exclude less');
  return kept;
}

function checkValues(what: string, values: readonly AxisValue[] | undefined): void {
  const isList = Array.isArray(values) && values.length > 0;
  const isFine = isList && values.every((value) => ['string', 'number', 'boolean'].includes(typeof value));
  if (!isFine) throw new Error(`matrix(): ${what} must have values, each a text, a number or a boolean`);
}

/** Returns whether a cell has all of these values. */
function has(cell: Values, values: Partial<Values>): boolean {
  return Object.entries(values).every(([name, value]) => cell[name] === value);
}

/** In characters: leaves room for a job's name. */
const MAX_SUFFIX = 30;

/** Returns what names of jobs get added, a different one for each cell: its values, as far as names may hold them. */
export function suffixesOf(cells: readonly Values[]): readonly string[] {
  const taken = new Set<string>();
  return cells.map((cell, place) => {
    const written = Object.values(cell).map((value) => String(value).replace(/[^\w.-]+/g, '-'));
    const whole = written.join('-').slice(0, MAX_SUFFIX);
    let suffix = whole;
    // What is added is a number of the cell's own first, and then any that nobody has.
    for (let number = place + 1; suffix === '' || taken.has(suffix); number += 1)
      suffix = `${whole.slice(0, MAX_SUFFIX - 4)}-${number}`;
    taken.add(suffix);
    return suffix;
  });
}

/** Returns a cell for people: `node 20, os linux`. */
export function cellInWords(cell: Values): string {
  return Object.entries(cell)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
