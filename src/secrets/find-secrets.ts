import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { SecretReference } from './reference.js';
import { Secret } from './secret.js';

/** A secret that Hookyard made itself. */
export interface GeneratedSecret {
  readonly name: string;
  readonly path: string;
  readonly isNew: boolean;
}

/** Finds secrets by reference, and collects what is wrong with them in `problems`, so that one error lists it all. */
export class SecretFinder {
  readonly problems: string[] = [];
  readonly generated = new Map<string, GeneratedSecret>();

  constructor(private readonly from: { env: NodeJS.ProcessEnv; folder: string }) {}

  find(reference: SecretReference, option: string): Secret | undefined {
    if ('env' in reference) {
      const value = this.from.env[reference.env];
      if (value) return this.checked(value, option, `the environment variable ${reference.env}`);
      if (reference.otherwise) return this.find(reference.otherwise, option);
      if (!reference.optional) this.problems.push(`${option}: the environment variable ${reference.env} is not set`);
      return undefined;
    }
    if ('file' in reference) return this.fromFile(reference.file, option);
    return this.fromGenerated(reference.generated, option);
  }

  private fromFile(path: string, option: string): Secret | undefined {
    try {
      return this.checked(readFileSync(path, 'utf8').replace(/\r?\n$/, ''), option, path);
    } catch (error) {
      this.problems.push(`${option}: can't read ${path}: ${(error as NodeJS.ErrnoException).code}`);
      return undefined;
    }
  }

  /** Creates the file exclusively, so that two processes that start at once agree on one secret. */
  private fromGenerated(name: string, option: string): Secret | undefined {
    const path = join(this.from.folder, name);
    const isNew = this.generated.get(name)?.isNew || createSecretFile(path);
    this.generated.set(name, { name, path, isNew });
    if (statSync(path).mode & 0o077) chmodSync(path, 0o600);
    return this.fromFile(path, option);
  }

  private checked(value: string, option: string, where: string): Secret | undefined {
    if (value.trim() !== '') return new Secret(value);
    this.problems.push(`${option}: ${where} is empty`);
    return undefined;
  }
}

/**
 * Creates a file with a random secret, and returns whether it did: false when there is one. It is written beside and
 * linked, so that another process sees all of it or nothing.
 */
function createSecretFile(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  const handle = openSync(beside, 'wx', 0o600);
  try {
    writeSync(handle, `${randomBytes(32).toString('base64url')}\n`);
    fsyncSync(handle);
    linkSync(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    closeSync(handle);
    unlinkSync(beside);
  }
}
