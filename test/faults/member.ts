import { type HookyardProcess, startHookyard } from '../support/harness/process.js';

/** One start, server or worker: what it is stays, whichever process does it at the moment. */
export interface Member {
  readonly name: string;
  /** Of what receives. */
  readonly url: string;
  /** 0 while there is no process. */
  pid(): number;
  /** Everything that its processes have printed. */
  output(): string;
  /** Whether its process is there, or is not meant to be. */
  isAsMeant(): boolean;
  start(): Promise<void>;
  kill(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

export interface MemberOptions {
  readonly command: 'start' | 'server' | 'worker';
  readonly name: string;
  readonly data: string;
  readonly env: Record<string, string>;
  /** A server comes back on the same port, as behind a load balancer. */
  readonly port?: number;
}

export function createMember({ command, name, data, env, port }: MemberOptions): Member {
  let current: HookyardProcess | undefined;
  let earlier = '';
  return {
    name,
    url: port === undefined ? '' : `http://127.0.0.1:${port}`,
    pid: () => (current?.isRunning() ? current.pid : 0),
    output: () => earlier + (current?.output() ?? ''),
    isAsMeant: () => current?.isRunning() ?? true,
    async start() {
      if (current?.isRunning()) return;
      earlier += current?.output() ?? '';
      current = undefined;
      current = await startHookyard([command], { data, env: { ...env, ...(port && { HOOKYARD_PORT: String(port) }) } });
    },
    async kill() {
      const killed = current;
      if (!killed) return;
      // Not meant to be there from now on.
      earlier += `${killed.output()}\n`;
      current = undefined;
      await killed.kill('SIGKILL');
    },
    signal: (signal) => current?.signal(signal),
  };
}
