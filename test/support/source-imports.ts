import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One import of a file: `file` is its path below the folder, `target` another such path or a package's name. */
export interface SourceImport {
  readonly file: string;
  readonly target: string;
  readonly kind: 'ours' | 'package';
  /** Gone when the file is compiled. */
  readonly typeOnly: boolean;
}

const IMPORT =
  /^(?:import|export)(\s+type)?\b[\w\s{},*$]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

/** Returns every import of every TypeScript file below a folder, types and dynamic imports included. */
export function sourceImports(folder: string): readonly SourceImport[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const there = new Set(files);
  return files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(IMPORT)].map(([, type, from, bare, dynamic]) => {
      const written = from ?? bare ?? dynamic ?? '';
      const ours = written.startsWith('.');
      const compiled = join(dirname(file), written);
      const [asTs, asTsx] = ['.ts', '.tsx'].map((end) => compiled.replace(/\.js$/, end));
      const target = !ours ? packageOf(written) : there.has(asTsx ?? '') ? `${asTsx}` : `${asTs}`;
      return { file, target, kind: ours ? 'ours' : 'package', typeOnly: type !== undefined } as const;
    }),
  );
}

/** Returns the room of a file: the folder it lies in, or its own name if it lies in none. */
export function roomOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.tsx?$/, '');
}

/** Returns a circle in a graph, as the nodes on the way from one back to itself. Undefined if there is none. */
export function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const cycle = walk(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const cycle = walk(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function packageOf(written: string): string {
  if (written.startsWith('node:')) return 'node';
  return written
    .split('/')
    .slice(0, written.startsWith('@') ? 2 : 1)
    .join('/');
}
