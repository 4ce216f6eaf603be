import type { Answer } from '../harness/http-server.js';
import type { Route } from './route.js';

export interface FakeStatus extends Record<string, unknown> {
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string;
  readonly target_url: string | null;
}

export interface FakeStatuses {
  /** What was written, oldest first. */
  readonly statuses: FakeStatus[];
  /** What a commit and context had before: `<sha> <context>` to a state. */
  readonly known: Record<string, string>;
}

/** Takes commit statuses of `acme/app`, and lists them newest first. */
export function statuses({ statuses, known }: FakeStatuses): Route {
  return ({ asked, body }) => {
    const written = /^POST \/repos\/acme\/app\/statuses\/([0-9a-f]{40})$/.exec(asked)?.[1];
    if (written) return take(written, body);
    const sha = /^GET \/repos\/acme\/app\/commits\/([0-9a-f]{40})\/statuses$/.exec(asked)?.[1];
    if (!sha) return undefined;
    const before = Object.entries(known)
      .filter(([name]) => name.startsWith(sha))
      .map(([name, state]) => ({ context: name.slice(sha.length + 1), state, target_url: null }));
    return { status: 200, body: [...[...statuses].reverse().filter((one) => one.sha === sha), ...before] };
  };

  function take(sha: string, body: Readonly<Record<string, unknown>>): Answer {
    const { state, description, context } = body;
    const valid = ['pending', 'success', 'failure', 'error'].includes(String(state)) && typeof context === 'string';
    if (!valid || [...String(description)].length > 140) return { status: 422, body: { message: 'Validation Failed' } };
    statuses.push({ target_url: null, ...body, sha } as FakeStatus);
    return { status: 201, body: { id: statuses.length, state, context } };
  }
}
