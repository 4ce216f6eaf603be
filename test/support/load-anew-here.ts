import { afterAll, beforeAll, vi } from 'vitest';

/**
 * Has the modules that the tests of a file import be loaded anew, so that they get what the file mocks, and forgotten after them. A mock
 * holds for its own file, but a process goes on with the next file and keeps what is loaded: what came before would have the real module
 * here, and what is loaded here the mock there.
 */
export function loadAnewHere(): void {
  beforeAll(() => void vi.resetModules());
  afterAll(() => void vi.resetModules());
}
