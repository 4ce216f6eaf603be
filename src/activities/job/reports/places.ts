import type { RawCase } from './raw-case.js';

/** A place that a report names, before anybody has looked whether it is there. */
export interface NamedPlace {
  /** As it is written: absolute, from the top of the checkout, or from somewhere in it. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** Of one failure. */
const MOST_PLACES = 40;
/** In which a file is looked for, from that of the report on. */
const MOST_FOLDERS = 4;

/** `src/sum.test.js:5:17`, `(/work/src/sum.js:5)`, `FooTest.java:23`, `file:///work/a.mjs:3:1`. */
const COLON =
  /(?:^|[\s("'[<])(?:file:\/\/)?((?:[A-Za-z]:)?[^\s:()"'[\]<>|*?]{1,250}\.[A-Za-z0-9]{1,10}):(\d{1,7})(?::(\d{1,5}))?/gm;
/** `at Page (/work/app/(shop)/[id]/page.test.js:5:17)`: a line of a stack of JavaScript, whose folders may have brackets. */
const STACK =
  /^[^\S\n]*at (?:[^\n]{1,250}? \()?(?:file:\/\/)?((?:\.{0,2}\/)[^\s:"'<>|*?]{1,250}):(\d{1,7}):(\d{1,5})\)?$/gm;
/** `sums@src/sum.js:5:17`. Nothing that a place begins after is within one, so that each text is looked through once. */
const AFTER_AT =
  /@(?:file:\/\/)?((?:[A-Za-z]:)?[^\s:()"'[\]<>|*?@]{1,250}\.[A-Za-z0-9]{1,10}):(\d{1,7})(?::(\d{1,5}))?/g;
/** `File "tests/test_sum.py", line 12`, as Python writes it. */
const PYTHON = /File "([^"\n]{1,250})", line (\d{1,7})/g;
/** `at t/sum.t line 5.`, as Perl writes it. */
const PERL = /\bat ([^\s"']{1,250}) line (\d{1,7})\b/g;
/** `in test file test/sum.bats, line 3`, as bats writes it. */
const BATS = /\bin (?:test )?file ([^\n,]{1,250}), line (\d{1,7})\b/g;
/** `in /work/SumTests.cs:line 42`, as .NET writes it. */
const DOT_NET = /\bin ((?:[A-Za-z]:)?[^\n:]{1,250}):line (\d{1,7})\b/g;

/** Folders below which languages keep their sources by the name of the package. */
const PACKAGE_ROOTS = ['', 'src/test/java', 'src/test/kotlin', 'src/test/scala', 'src/test/groovy', 'test'];

/**
 * Returns where a test may have failed, the most likely place first: the lines of its own file that its failure names, then other
 * files that it names, then what the report says of the test itself. `base`: the folder of the report, from the top of the
 * checkout, whose module the test belongs to.
 */
export function placesOf({ name, file, line, suite, said }: RawCase, base = ''): NamedPlace[] {
  const named = said.flatMap(({ message, text }) => namedIn(`${message}\n${text}`)).slice(0, MOST_PLACES);
  const own = [file, suite, suite?.split('.').at(-1)].flatMap((name) => (name ? [baseName(name)] : []));
  const isOwn = (place: NamedPlace) => own.some((name) => baseName(place.file) === name || stem(place.file) === name);
  const ordered = [...named.filter(isOwn), ...named.filter((place) => !isOwn(place))];
  const told = file === undefined ? [] : [{ file, line: line ?? 1 }];
  const byName = suite !== undefined && /[/.]/.test(suite) && line !== undefined ? [{ file: suite, line }] : [];
  // Linters call a test as the place: `src/Sum.php:12`.
  return [...ordered, ...told, ...byName, ...namedIn(name)].flatMap((place) => spellingsOf(place, { suite, base }));
}

/** Returns the places that a text names, in its order. */
function namedIn(text: string): NamedPlace[] {
  const found = [COLON, STACK, AFTER_AT, PYTHON, PERL, BATS, DOT_NET].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const [, file = '', line, column] = match;
      const place = { file, line: Number(line), ...(column !== undefined && { column: Number(column) }) };
      return { at: match.index, place };
    }),
  );
  const ordered = found.sort((a, b) => a.at - b.at).filter(({ place: { line } }) => line > 0);
  // Two patterns may find the same one.
  return [...new Map(ordered.map(({ place }) => [JSON.stringify(place), place])).values()];
}

/** A file without a folder lies in the folder of its package: `FooTest.java` of `com.acme.FooTest`, `sum_test.go` of `acme.dev/shop/sum`. */
function spellingsOf(place: NamedPlace, { suite, base }: { suite: string | undefined; base: string }): NamedPlace[] {
  const below = place.file.startsWith('/') ? [] : foldersFrom(base).map((folder) => `${folder}/${place.file}`);
  if (place.file.includes('/') || suite === undefined)
    return [place.file, ...below].map((file) => ({ ...place, file }));
  const parts = suite.includes('/') ? suite.split('/') : suite.split('.').slice(0, -1);
  const modules = [...new Set([moduleOf(base), ''])];
  const folders = suite.includes('/')
    ? parts.map((_, from) => parts.slice(from).join('/'))
    : PACKAGE_ROOTS.map((root) => [root, ...parts].filter(Boolean).join('/'));
  const files = modules.flatMap((module) =>
    folders.map((folder) => [module, folder, place.file].filter(Boolean).join('/')),
  );
  return [...files, ...below, place.file].map((file) => ({ ...place, file }));
}

/** Returns a folder and the nearest of those around it: a package of several may keep its reports in a folder of its own. */
function foldersFrom(base: string): string[] {
  const parts = base.split('/').filter(Boolean);
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('/')).slice(0, MOST_FOLDERS);
}

/** `shop/target/surefire-reports` is of the module `shop`. */
function moduleOf(base: string): string {
  return base.replace(/(?:^|\/)(?:target|build)(?:\/.*)?$/, '');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `FooTest` of `FooTest.java`, and of the class `com.acme.FooTest`. */
function stem(path: string): string {
  return baseName(path).replace(/\.[^.]*$/, '');
}
