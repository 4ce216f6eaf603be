import { child, listOf, literalOf, parseModule, type Tree } from './syntax-tree.js';

/** A text of a module's code that names something outside of it. */
export interface UsedName {
  /** The option of the configuration that holds what is named, `channels.slack` for example; `option paths`: a trigger's. */
  readonly what: string;
  readonly name: string;
  /** `file:line:column` */
  readonly place: string;
  /** What the module exports that it stands in: an automation, for example. */
  readonly within?: string;
}

/** Which argument of which function of the kit is a name, and of what; `in`: the property of the argument that is. */
const ARGUMENTS: Readonly<Record<string, { readonly at: number; readonly in?: string; readonly what: string }>> = {
  'notify.slack': { at: 0, what: 'channels.slack' },
  'notify.email': { at: 0, what: 'channels.email' },
  'notify.sms': { at: 0, what: 'channels.sms' },
  'webhook.send': { at: 0, what: 'endpoints' },
  'triggerBuild.http': { at: 0, what: 'builds' },
  'triggerBuild.pipeline': { at: 1, what: 'builds' },
  'sync.mirror': { at: 1, what: 'mirrors' },
  secret: { at: 0, what: 'secrets' },
  branchHead: { at: 0, in: 'source', what: 'sources' },
  completed: { at: 0, what: 'completed' },
};

/** Options of triggers whose values are looked at: what they are is known without the code, but not where. */
const OPTIONS = ['source', 'sources', 'paths', 'commands'];

/**
 * Returns the names that stand as text in the code of one ES module with its source map: those that the kit's functions are
 * called with, and options of triggers. A name that is only made while the code runs is not among them. `kit`: what the
 * module imports the kit as.
 */
export function usedNames(code: string, kit: string): UsedName[] {
  const { nodes, placeOf } = parseModule(code);
  const imported = importsOf(nodes, kit);
  const texts = constantsOf(nodes);
  const exported = exportsOf(nodes);
  const withinOf = ({ start, end }: Tree) => exported.find((one) => one.start <= start && end <= one.end)?.name;
  const named = (what: string, node: Tree | undefined): UsedName[] => {
    if (node?.type === 'ArrayExpression') return listOf(node, 'elements').flatMap((each) => named(what, each));
    const name = literalOf(node) ?? (node?.type === 'Identifier' ? texts.get(String(node.name)) : undefined);
    if (node === undefined || name === undefined) return [];
    const within = withinOf(node);
    return [{ what, name, place: placeOf(node), ...(within !== undefined && { within }) }];
  };
  return nodes.flatMap((node) => {
    if (node.type === 'Property') {
      const option = keyOf(node);
      return option !== undefined && OPTIONS.includes(option) ? named(`option ${option}`, child(node, 'value')) : [];
    }
    const called = node.type === 'CallExpression' ? pathOf(child(node, 'callee'), imported) : undefined;
    const argument = called !== undefined && Object.hasOwn(ARGUMENTS, called) ? ARGUMENTS[called] : undefined;
    if (!argument) return [];
    const given = listOf(node, 'arguments')[argument.at];
    if (argument.in === undefined || !given) return named(argument.what, given);
    const property = listOf(given, 'properties').find((each) => keyOf(each) === argument.in);
    return named(argument.what, property && child(property, 'value'));
  });
}

/** Returns, by their names in this module, what is imported from the kit; `*` for all of it. */
function importsOf(nodes: readonly Tree[], kit: string): ReadonlyMap<string, string> {
  const imports = nodes.filter((node) => node.type === 'ImportDeclaration' && literalOf(child(node, 'source')) === kit);
  return new Map(
    imports.flatMap((node) =>
      listOf(node, 'specifiers').map((specifier): [string, string] => [
        String(child(specifier, 'local')?.name),
        specifier.type === 'ImportSpecifier' ? String(child(specifier, 'imported')?.name) : '*',
      ]),
    ),
  );
}

/** Returns what a module exports, by the names that others have for it, with where it is made. */
function exportsOf(
  nodes: readonly Tree[],
): readonly { readonly name: string; readonly start: number; readonly end: number }[] {
  const [program] = nodes;
  const statements = program ? listOf(program, 'body') : [];
  const isExport = ({ type }: Tree) => type === 'ExportNamedDeclaration';
  const names = new Map(
    statements
      .filter(isExport)
      .flatMap((statement) =>
        listOf(statement, 'specifiers').map((one): [string, string] => [
          String(child(one, 'local')?.name),
          String(child(one, 'exported')?.name),
        ]),
      ),
  );
  return statements.flatMap((statement) =>
    listOf(statement, 'declarations').flatMap((made) => {
      const name = names.get(String(child(made, 'id')?.name));
      return name === undefined ? [] : [{ name, start: made.start, end: made.end }];
    }),
  );
}

/** Returns the constants that are text, by name: of a name that is declared twice, none. */
function constantsOf(nodes: readonly Tree[]): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  for (const node of nodes) {
    const id = node.type === 'VariableDeclarator' ? child(node, 'id') : undefined;
    if (id?.type !== 'Identifier') continue;
    const name = String(id.name);
    found.set(name, found.has(name) ? undefined : literalOf(child(node, 'init')));
  }
  return new Map([...found].filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function keyOf(property: Tree): string | undefined {
  const key = property.computed === true ? undefined : child(property, 'key');
  return key?.type === 'Identifier' ? String(key.name) : literalOf(key);
}

/** Returns what is called, as the kit's index names it: `notify.slack`. Undefined where it is not the kit's. */
function pathOf(callee: Tree | undefined, imported: ReadonlyMap<string, string>): string | undefined {
  if (callee?.type === 'Identifier') return imported.get(String(callee.name));
  if (callee?.type !== 'MemberExpression' || callee.computed === true) return undefined;
  const owner = pathOf(child(callee, 'object'), imported);
  const name = String(child(callee, 'property')?.name);
  if (owner === undefined) return undefined;
  return owner === '*' ? name : `${owner}.${name}`;
}
