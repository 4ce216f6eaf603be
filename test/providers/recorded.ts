import { readFileSync } from 'node:fs';

interface Recorded {
  readonly file: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const folder = new URL('../../../shared/data/payloads/', import.meta.url);

/** Real payloads of other projects, where they lie beside the repository; elsewhere none. */
export function recorded(provider: string): Recorded[] {
  let index: {
    file: string;
    provider: string;
    headers?: Record<string, string>;
    derived_headers?: Record<string, string>;
  }[];
  try {
    index = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8'));
  } catch {
    return [];
  }
  return index
    .filter((entry) => entry.provider === provider)
    .map(({ file, headers, derived_headers }) => ({
      file,
      headers: Object.fromEntries(
        Object.entries({ ...derived_headers, ...headers }).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: readFileSync(new URL(file, folder)),
    }));
}
