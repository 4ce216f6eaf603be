/** How a step's variables get into its container. */
export interface StepEnvironment {
  /** Options for `run`: names alone, since other users can read command lines. */
  readonly options: readonly string[];
  /** What the engine's client is to have in its environment beside its own. */
  readonly client: Readonly<Record<string, string>>;
  /** Commands for the image's shell: give the variables their names, and run its arguments. */
  readonly script: string;
}

/** Where the step is stopped, what it has started has its time to clean up: the first process is told first, and then waits for that. */
const WAITS_NOT = 'hookyard_left() { false; }';
const WAITS_IF_STOPPED = `trap 'hookyard_left() { kill -0 -1; }' USR1`;
/** Not every image has a `sleep` that knows fractions, and it may be ended by the signals that all get. */
const WAIT = 'while hookyard_left; do sleep 0.1 || [ "$?" -gt 128 ] || sleep 1 || break; done 2> /dev/null';

/**
 * Returns how a step's variables get into its container under names that the engine's client does not read itself: a step's `DOCKER_HOST`
 * or `LD_PRELOAD` is none of the client's. `PATH` is the image's, unless the job has set one.
 */
export function stepEnvironment(env: Readonly<Record<string, string>>, workerPath = process.env.PATH): StepEnvironment {
  const variables = Object.entries(env).filter(([name, value]) => name !== 'PATH' || value !== workerPath);
  const carrier = (i: number) => `HOOKYARD_STEP_${i}`;
  const names = variables.map(([name], i) => `export ${name}="$${carrier(i)}"; unset ${carrier(i)}`);
  return {
    options: variables.flatMap((_, i) => ['--env', carrier(i)]),
    client: Object.fromEntries(variables.map(([, value], i) => [carrier(i), value])),
    // It stays, as the first process: what the step leaves behind ends with it, and signals reach the step alone.
    script: [WAITS_NOT, WAITS_IF_STOPPED, ...names, '"$@"', 'set -- "$?"', WAIT, 'exit "$1"'].join('\n'),
  };
}
