import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';

/** A server on an address that is none of this machine's. */
export interface FarServer {
  readonly address: string;
  readonly port: number;
  readonly says: string;
  close(): Promise<void>;
}

/**
 * Opens a server in a network of its own, at the other end of a cable, so to say. Needs rights of root. `range`: the first three numbers
 * of its address, which no network of this machine may have.
 */
export async function openFarServer(range: string): Promise<FarServer> {
  const [here, there] = [`${range}.1`, `${range}.2`];
  const says = `far-away-${range}`;
  const port = 4712;
  const code = `require('net').createServer((s) => s.on('error', () => 0).end('${says}\\n')).listen(${port}, '0.0.0.0', () => console.log('ready'))`;
  const server = spawn('unshare', ['--net', process.execPath, '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  const pid = String(server.pid);
  const name = `hy${server.pid}`;
  const ip = (...args: string[]) => execa('ip', args);
  const inside = (...args: string[]) => execa('nsenter', ['--target', pid, '--net', 'ip', ...args]);
  try {
    await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'far', 'netns', pid);
    await ip('address', 'add', `${here}/30`, 'dev', name);
    await ip('link', 'set', name, 'up');
    await inside('address', 'add', `${there}/30`, 'dev', 'far');
    await inside('link', 'set', 'far', 'up');
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  }
  return {
    ...{ address: there, port, says },
    async close() {
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}
