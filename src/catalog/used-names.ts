import { type Calls, callsOf } from './kit-calls.js';
import { child, keyOf, listOf, parseModule, type Tree } from './syntax-tree.js';

/** A text of a module's code that names something outside of it. */
export interface UsedName {
  /**
   * The option of the configuration that holds what is named, `channels.slack` for example; `artifacts`: what a job has kept;
   * `option paths`: a trigger's.
   */
  readonly what: string;
  readonly name: string;
  /** `file:line:column` */
  readonly place: string;
  /** What the module exports that it stands in: an automation, for example. */
  readonly within?: string;
  /** The one kind that it has to be of. */
  readonly kind?: string;
}

interface Argument {
  readonly at: number;
  /** The property of the argument that is the name, or the list of them. */
  readonly in?: string;
  readonly what: string;
  readonly kind?: string;
}

const SOURCES = { at: 0, in: 'sources', what: 'sources' } as const;
const TRIGGERS = [
  ...['push', 'tag', 'pullRequest', 'mergeGroup', 'comment'],
  ...['review', 'release', 'deployment', 'status', 'generic'],
];

/** Which argument of which function of the kit is a name, and of what. */
const ARGUMENTS: Readonly<Record<string, Argument>> = {
  ...Object.fromEntries(TRIGGERS.map((trigger) => [trigger, SOURCES])),
  scope: { at: 0, in: 'source', what: 'sources' },
  'notify.slack': { at: 0, what: 'channels.slack' },
  'notify.email': { at: 0, what: 'channels.email' },
  'notify.sms': { at: 0, what: 'channels.sms' },
  'webhook.send': { at: 0, what: 'endpoints' },
  'triggerBuild.http': { at: 0, what: 'builds', kind: 'http' },
  'triggerBuild.pipeline': { at: 1, what: 'builds' },
  'sync.mirror': { at: 1, what: 'mirrors' },
  secret: { at: 0, what: 'secrets' },
  branchHead: { at: 0, in: 'source', what: 'sources' },
  headOf: { at: 1, in: 'source', what: 'sources' },
  'artifact.get': { at: 0, what: 'artifacts' },
  completed: { at: 0, what: 'completed' },
};

/** Functions of the kit that need an option of the configuration, whatever they are called with. */
const NEEDS: Readonly<Record<string, readonly [what: string, name: string]>> = { idToken: ['server', 'idTokens'] };

/** Options of triggers whose values are looked at: what they are is known without the code, but not where. */
const OPTIONS = [
  ...['source', 'sources', 'repositories', 'paths', 'branches', 'headBranches', 'tags', 'commands'],
  ...['titles', 'messages', 'authors', 'names', 'environments', 'types', 'labels', 'allLabels'],
];

/** Stands for artifacts that are named only while the code runs. */
export const ANY = '*';

/**
 * Returns the names that stand as text in the code of one ES module with its source map, in their order: those that the kit's
 * functions are called with, those of options of jobs, and options of triggers. A name that is only made while the code runs is
 * not among them. `kit`: what the module imports the kit as.
 */
export function usedNames(code: string, kit: string): UsedName[] {
  const { nodes: found, placeOf } = parseModule(code);
  const nodes = [...found].sort((one, other) => one.start - other.start);
  const calls = callsOf(nodes, kit);
  const exported = exportsOf(nodes);
  const used = (node: Tree, what: string, name: string): UsedName => {
    const within = exported.find(({ start, end }) => start <= node.start && node.end <= end)?.name;
    return { what, name, place: placeOf(node), ...(within !== undefined && { within }) };
  };
  const named = (what: string, node: Tree | undefined): UsedName[] => {
    if (node?.type === 'ArrayExpression') return listOf(node, 'elements').flatMap((each) => named(what, each));
    const name = calls.textOf(node);
    return node === undefined || name === undefined ? [] : [used(node, what, name)];
  };
  return nodes.flatMap((node) => {
    if (node.type === 'Property') {
      const option = keyOf(node) ?? '';
      const value = child(node, 'value');
      if (OPTIONS.includes(option)) return named(`option ${option}`, value);
      if (option === 'artifacts') return keptIn(value, calls).map(([at, name]) => used(at, 'option artifacts', name));
      return namesInOption(option, value).flatMap(([what, at]) => named(what, at));
    }
    const called = node.type === 'CallExpression' ? calls.pathOf(child(node, 'callee')) : undefined;
    if (called === undefined) return [];
    const needed = Object.hasOwn(NEEDS, called) ? NEEDS[called] : undefined;
    if (needed) return [used(node, ...needed)];
    const argument = Object.hasOwn(ARGUMENTS, called) ? ARGUMENTS[called] : undefined;
    if (!argument) return [];
    const { at, in: within, what, kind } = argument;
    const given = listOf(node, 'arguments')[at];
    return named(what, within === undefined ? given : propertyOf(given, within)).map((each) => ({
      ...each,
      ...(kind !== undefined && { kind }),
    }));
  });
}

/** Returns what an option of a job names, and where. */
function namesInOption(option: string, value: Tree | undefined): [what: string, name: Tree | undefined][] {
  if (option === 'runner')
    return propertyOf(value, 'image') ? [['jobs.container.registries', propertyOf(value, 'registry')]] : [];
  if (option !== 'env' && option !== 'submoduleTokens') return [];
  // What `secret()` returns may be written by hand.
  return listOf(value, 'properties').flatMap((each) => {
    const given = child(each, 'value');
    return [given, propertyOf(given, 'token')].map((one): [string, Tree | undefined] => [
      'secrets',
      propertyOf(one, 'secret'),
    ]);
  });
}

/** Returns the names of the artifacts that a job keeps, {@link ANY} for those that are not known. */
function keptIn(value: Tree | undefined, calls: Calls): [at: Tree, name: string][] {
  if (!value) return [];
  if (value.type === 'ArrayExpression') return listOf(value, 'elements').flatMap((each) => keptIn(each, calls));
  return [[value, calls.textOf(propertyOf(value, 'name')) ?? ANY]];
}

function propertyOf(object: Tree | undefined, name: string): Tree | undefined {
  const property = listOf(object, 'properties').find((each) => keyOf(each) === name);
  return property && child(property, 'value');
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
