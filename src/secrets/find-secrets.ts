import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { commandSecret } from './command-secret.js';
import type { CommandReference, NeededSecret } from './reference.js';
import { RotatingSecret } from './rotating-secret.js';
import { Secret } from './secret.js';
import type { SecretRule } from './secret-rule.js';

/** A secret that Hookyard made itself. */
export interface GeneratedSecret {
  readonly name: string;
  readonly path: string;
  readonly isNew: boolean;
}

/**
 * Finds secrets by reference, and collects what is wrong with them in `problems` and what a person should know of them in
 * `warnings`, so that one error lists it all.
 */
export class SecretFinder {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  readonly generated = new Map<string, GeneratedSecret>();
  /** Paths of all files that secrets are read from, also such as can't be read. */
  readonly files = new Set<string>();
  /** The options whose secret is there and can't work. */
  readonly refused = new Set<string>();

  /**
   * `make`: whether a generated secret that is not there is made in `folder`. `run`: whether commands that print secrets are run now, and
   * not only when those are used.
   */
  constructor(private readonly from: { env: NodeJS.ProcessEnv; folder: string; make: boolean; run: boolean }) {}

  find({ reference, rule }: NeededSecret, option: string): Secret | undefined {
    if ('env' in reference) {
      const value = this.from.env[reference.env];
      if (value) return this.judged(value, { rule, option }, `the environment variable ${reference.env}`);
      if (reference.otherwise) return this.find({ reference: reference.otherwise, rule }, option);
      if (!reference.optional) this.problems.push(`${option}: the environment variable ${reference.env} is not set`);
      return undefined;
    }
    if ('file' in reference) return this.fromFile(reference.file, { rule, option });
    if ('command' in reference) return this.fromCommand(reference, { rule, option });
    return this.fromGenerated(reference.generated, { rule, option });
  }

  private fromFile(path: string, { rule, option }: Needed): Secret | undefined {
    this.files.add(resolve(path));
    try {
      const bytes = readFileSync(path);
      if (isUtf8(bytes)) return this.judged(bytes.toString('utf8').replace(/\r?\n$/, ''), { rule, option }, path);
      this.problems.push(`${option}: ${path} is not UTF-8 text: write it anew, bytes as hex or base64`);
      this.refused.add(option);
    } catch (error) {
      this.problems.push(`${option}: can't read ${path}: ${(error as NodeJS.ErrnoException).code}`);
    }
    return undefined;
  }

  private fromCommand(reference: CommandReference, needed: Needed): Secret | undefined {
    const { secret, first } = commandSecret(reference, needed);
    if (!this.from.run) return secret;
    const { problem, warnings } = first();
    this.warnings.push(...warnings.map((warning) => `${needed.option}: ${warning}`));
    if (problem === undefined) return secret;
    this.problems.push(`${needed.option}: ${problem}`);
    this.refused.add(needed.option);
    return undefined;
  }

  /** Creates the file exclusively, so that two processes that start at once agree on one secret. */
  private fromGenerated(name: string, needed: Needed): Secret | undefined {
    const path = join(this.from.folder, name);
    if (!this.from.make && !existsSync(path)) {
      this.problems.push(
        `${needed.option}: Hookyard makes this secret when it first starts, and has not yet: there is no ${path}`,
      );
      return undefined;
    }
    try {
      const isNew = this.generated.get(name)?.isNew || (this.from.make && createSecretFile(path, needed.rule.make));
      this.generated.set(name, { name, path, isNew });
      if (this.from.make && statSync(path).mode & 0o077) chmodSync(path, 0o600);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      this.problems.push(`${needed.option}: can't make ${path} for its owner alone: ${code}`);
      return undefined;
    }
    const found = this.fromFile(path, needed);
    return found && new RotatingSecret(path, { first: found.reveal(), rule: needed.rule });
  }

  private judged(value: string, { rule, option }: Needed, where: string): Secret | undefined {
    const judged = rule.judge(value);
    if ('problem' in judged) {
      this.problems.push(`${option}: ${where} ${judged.problem}`);
      this.refused.add(option);
      return undefined;
    }
    this.warnings.push(...judged.warnings.map((warning) => `${option}: ${where} ${warning}`));
    return new Secret(judged.text);
  }
}

interface Needed {
  readonly rule: SecretRule;
  readonly option: string;
}

/**
 * Creates a file with a secret, and returns whether it did: false when there is one, which a full or read-only disk does not
 * hinder. It is written beside and linked, so that another process sees all of it or nothing.
 */
function createSecretFile(path: string, make: () => string): boolean {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  const handle = openSync(beside, 'wx', 0o600);
  try {
    writeSync(handle, `${make()}\n`);
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
