import { SourceMap, type SourceMapping } from 'node:module';
import { relative, resolve } from 'node:path';
import { type Node, parse } from 'acorn';

/** The code of a module, as its syntax tree. */
export interface ParsedModule {
  /** All nodes, each before those in it. */
  readonly nodes: readonly Tree[];
  /** Returns where a node stood in the author's file: `file:line:column`. */
  readonly placeOf: (node: Tree) => string;
}

/** Parses the code of one ES module that ends with its source map. */
export function parseModule(code: string): ParsedModule {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  return { nodes: [...below(program as unknown as Tree)], placeOf: placesIn(code) };
}

/** A node of the syntax tree, whose fields depend on its type. */
export type Tree = Node & Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Returns a field that holds a node. */
export function child(node: Tree, name: string): Tree | undefined {
  const value = node[name];
  return isNode(value) ? value : undefined;
}

/** Returns the nodes of a field that holds a list; none of none. */
export function listOf(node: Tree | undefined, name: string): Tree[] {
  const value = node?.[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Walks through all nodes, without recursion: generated code may be nested deeply. */
function* below(root: Tree): Generator<Tree> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) waiting.push(...value);
    else if (isNode(value)) {
      yield value;
      waiting.push(...Object.values(value));
    }
  }
}

/** Returns the text of a literal, also of a template that nothing is put into. */
export function literalOf(node: Tree | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type !== 'TemplateLiteral' || listOf(node, 'expressions').length > 0) return undefined;
  const { cooked } = (listOf(node, 'quasis')[0]?.value ?? {}) as { readonly cooked?: string };
  return cooked;
}

/** Returns the name of an object's property. */
export function keyOf(property: Tree): string | undefined {
  const key = property.computed === true ? undefined : child(property, 'key');
  return key?.type === 'Identifier' ? String(key.name) : literalOf(key);
}

const MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Returns the function that says where a node stood in the author's file. */
function placesIn(code: string): (node: Tree) => string {
  const encoded = MAP.exec(code)?.[1];
  const map = encoded && new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
  return ({ loc }) => {
    const { line = 1, column = 0 } = loc?.start ?? {};
    const entry: Partial<SourceMapping> = map ? map.findEntry(line - 1, column) : {};
    const { originalSource, originalLine = 0, originalColumn = 0 } = entry;
    if (originalSource === undefined) return '';
    return `${relative(process.cwd(), resolve(originalSource))}:${originalLine + 1}:${originalColumn + 1}`;
  };
}
