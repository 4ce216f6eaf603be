import { child, keyOf, listOf, literalOf, type Tree } from './syntax-tree.js';

/** What the names in a module's code stand for. */
export interface Calls {
  /** Returns what is called, as the kit's index names it: `notify.slack`. Undefined where it is not the kit's. */
  readonly pathOf: (callee: Tree | undefined) => string | undefined;
  /** Returns the text that stands there, or that the constant has which does. */
  readonly textOf: (node: Tree | undefined) => string | undefined;
}

/** What a name stands for that is declared once: a value, or the field of one. */
interface Declared {
  readonly value: Tree | undefined;
  readonly field?: string;
}

/** Constants that stand for constants: more in a row are hardly written, and they may go round in circles. */
const MOST_NAMES = 5;

/** Reads the imports and the constants of a module. `kit`: what it imports the kit as. */
export function callsOf(nodes: readonly Tree[], kit: string): Calls {
  const imported = importsOf(nodes, kit);
  const declared = declarationsOf(nodes);

  function pathOf(node: Tree | undefined, left = MOST_NAMES): string | undefined {
    if (node?.type === 'Identifier') {
      const name = String(node.name);
      const known = declared.get(name);
      if (imported.has(name) || !known || left === 0) return imported.get(name);
      return fieldOf(pathOf(known.value, left - 1), known.field);
    }
    // The triggers that it is bound to have the names of those that it binds.
    if (node?.type === 'CallExpression') return pathOf(child(node, 'callee'), left) === 'scope' ? '*' : undefined;
    if (node?.type !== 'MemberExpression' || node.computed === true) return undefined;
    return fieldOf(pathOf(child(node, 'object'), left), String(child(node, 'property')?.name));
  }

  return {
    pathOf: (callee) => pathOf(callee),
    textOf: (node) => {
      const known = node?.type === 'Identifier' ? declared.get(String(node.name)) : undefined;
      return literalOf(node) ?? (known?.field === undefined ? literalOf(known?.value) : undefined);
    },
  };
}

function fieldOf(path: string | undefined, field: string | undefined): string | undefined {
  if (path === undefined || field === undefined) return path;
  return path === '*' ? field : `${path}.${field}`;
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

/** Returns what names stand for; of one that is declared twice, or given to a function, nothing. */
function declarationsOf(nodes: readonly Tree[]): ReadonlyMap<string, Declared | undefined> {
  const found = new Map<string, Declared | undefined>();
  const declare = (target: Tree | undefined, declared: Declared | undefined) => {
    if (target?.type === 'Identifier') {
      const name = String(target.name);
      found.set(name, found.has(name) ? undefined : declared);
    }
    for (const property of listOf(target, 'properties')) {
      const field = keyOf(property);
      const isField = declared?.field === undefined && declared?.value !== undefined && field !== undefined;
      declare(child(property, 'value'), isField ? { value: declared.value, field } : undefined);
    }
  };
  for (const node of nodes) {
    if (node.type === 'VariableDeclarator') declare(child(node, 'id'), { value: child(node, 'init') });
    for (const parameter of listOf(node, 'params')) declare(parameter, undefined);
  }
  return found;
}
