import { NeededSecret } from '../../../src/secrets/reference.js';

/** As much of a zod schema as says what is in it. */
interface Schema {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
  readonly def: {
    readonly type: string;
    readonly shape?: Readonly<Record<string, Schema>>;
    readonly innerType?: Schema;
    readonly element?: Schema;
    readonly valueType?: Schema;
    readonly options?: readonly Schema[];
    readonly in?: Schema;
    readonly values?: readonly unknown[];
  };
}

/**
 * Returns the options of a schema that take a secret, wherever they stand: `endpoints.*.secrets[]`. The key of a record is a star,
 * or the `kind` of what it holds.
 */
export function secretOptions(schema: unknown, path = ''): string[] {
  const one = schema as Schema;
  const { type, shape, innerType, element, valueType, options, in: input } = one.def;
  if (one.safeParse({ env: 'A_NAME' }).data instanceof NeededSecret && innerType === undefined) return [path];
  const below = (name: string) => (path ? `${path}.${name}` : name);
  if (shape) return Object.entries(shape).flatMap(([name, field]) => secretOptions(field, below(name)));
  if (innerType) return secretOptions(innerType, path);
  if (element) return secretOptions(element, `${path}[]`);
  if (options)
    return options.flatMap((option) => secretOptions(option, kindOf(option) ? `${path}${kindOf(option)}` : path));
  if (valueType) return secretOptions(valueType, below(valueType.def.options?.some(kindOf) ? '' : '*'));
  if (input) return secretOptions(input, path);
  if (['lazy', 'promise', 'function', 'tuple', 'intersection', 'map', 'set'].includes(type))
    throw new Error(`${path}: secrets within a schema of the type ${type} are not looked for: teach this test to`);
  return [];
}

function kindOf({ def }: Schema): string {
  const { innerType, values } = def.shape?.kind?.def ?? {};
  const [kind] = values ?? innerType?.def.values ?? [];
  return typeof kind === 'string' ? kind : '';
}

/** Returns the secrets that a parsed configuration needs, by option, as {@link secretOptions} names it. */
export function secretsOf(value: unknown, path = ''): [option: string, secret: NeededSecret][] {
  if (value instanceof NeededSecret) return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item) => secretsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const kind = (item as { kind?: unknown } | null)?.kind;
    const name = typeof kind === 'string' ? kind : key === 'it' ? '*' : key;
    return secretsOf(item, path ? `${path}.${name}` : name);
  });
}
