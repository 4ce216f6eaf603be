import { spawn } from 'node:child_process';
import { startGroup } from '../process-group.js';
import { findShell } from '../shell.js';
import type { Runner } from './runner.js';

/** Runs steps as the worker's user, with all that this user may do: for code that is trusted. */
export const hostRunner: Runner = {
  kind: 'host',
  start: startGroup,
  attach: ({ command, args, cwd, env }) => spawn(command, [...args], { cwd, env: { ...env }, stdio: 'inherit' }),
  findShell,
  tools: async () => hostRunner,
  close: async () => undefined,
};
