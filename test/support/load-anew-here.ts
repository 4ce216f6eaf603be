import { afterAll, vi } from 'vitest';

/**
 * Has the modules that a file imports from here on with `import()` be loaded anew, so that they get what it mocks, and forgotten after
 * its tests. A mock holds for its own file, but a process goes on with the next file and keeps what is loaded: what came before would
 * have the real module here, and what is loaded here the mock there.
 */
export function loadAnewHere(): void {
  vi.resetModules();
  afterAll(() => void vi.resetModules());
}
