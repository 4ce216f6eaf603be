import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingForNetwork, whyNoSandbox } from '../../../../src/activities/job/runners/sandbox/requirements.js';
import { type FarServer, openFarServer } from '../../../support/harness/far-server.js';
import { type Jobs, openJobs } from '../../../support/harness/jobs.js';

const missing = (await whyNoSandbox()) ?? (await missingForNetwork());
const because = missing?.because ?? (process.getuid?.() === 0 ? undefined : 'its servers need rights of root');
const FORK = { untrusted: true as const, defaultBranch: 'main' };

let jobs: Jobs;
/** Of the internet, as far as Linux knows, and of a private network. */
let [open, shut]: (FarServer | undefined)[] = [];
let own: Server;

const reads = (address: string, port: number) => `timeout 5 bash -c 'cat < /dev/tcp/${address}/${port}'`;

describe.skipIf(because !== undefined)(
  `a sandbox with network${because ? ` (not tried here: ${because})` : ''}`,
  () => {
    beforeAll(async () => {
      jobs = await openJobs({ jobs: { runner: 'sandbox' } });
      await jobs.commit({ a: 'a' });
      [open, shut] = [await openFarServer('203.0.113'), await openFarServer('10.213.87')];
      own = createServer((socket) => socket.on('error', () => undefined).end('of this machine\n'));
      await new Promise<void>((resolve) => own.listen(0, '0.0.0.0', resolve));
    });
    afterAll(async () => {
      own?.close();
      await open?.close();
      await shut?.close();
      await jobs?.close();
    });

    const runs = (steps: string[], more: object = {}) => jobs.run({ steps, network: true, ...more });

    test('reaches a server elsewhere, and what its background steps serve on its own loopback', async () => {
      const { output, lines, passed } = await runs([
        reads(open?.address ?? '', open?.port ?? 0),
        'cat /etc/resolv.conf',
      ]);
      expect(output).toBe(`${open?.says}\nnameserver 10.0.2.3`);
      expect(passed).toBe(true);
      expect(lines.map(({ text }) => text)).toContain('its steps run in a sandbox, with network');
      expect(await jobs.workspaces()).toEqual([]);
    });

    test('reaches no loopback of this machine, no address of its own, and no private one', async () => {
      const { port } = own.address() as AddressInfo;
      const attacks = [
        reads('127.0.0.1', port),
        reads('10.0.2.2', port),
        reads('203.0.113.1', port),
        reads('10.213.87.1', port),
        reads(shut?.address ?? '', shut?.port ?? 0),
        reads('169.254.169.254', 80),
        'ip route del unreachable 10.0.0.0/8 || unshare --net --user true',
      ];
      const ran = await jobs.host({ steps: attacks.map((run) => ({ name: run, run })), network: true });
      expect(ran.filter(({ outcome }) => outcome !== 'failed')).toEqual([]);
      // They are there, for who may.
      const trusted = [
        reads('127.0.0.1', port),
        reads('203.0.113.1', port),
        reads(shut?.address ?? '', shut?.port ?? 0),
      ];
      expect(await jobs.run({ steps: trusted, runner: 'host' })).toMatchObject({ passed: true });
    });

    test('reaches private addresses that the configuration names', async () => {
      const before = jobs.config.jobs.sandbox.reachable;
      Object.assign(jobs.config.jobs.sandbox, { reachable: [`${shut?.address}/32`] });
      const { output } = await runs([reads(shut?.address ?? '', shut?.port ?? 0)]);
      Object.assign(jobs.config.jobs.sandbox, { reachable: before });
      expect(output).toBe(shut?.says);
    });

    test("is none that a stranger's code has, unless the configuration gives it to all", async () => {
      const steps = [reads(open?.address ?? '', open?.port ?? 0)];
      expect(await runs(steps, { checkout: FORK })).toMatchObject({ passed: false });
      Object.assign(jobs.config.jobs, { network: 'all' });
      const allowed = await runs(steps, { checkout: FORK });
      Object.assign(jobs.config.jobs, { network: 'none' });
      expect(allowed).toMatchObject({ passed: true });
    });
  },
);
