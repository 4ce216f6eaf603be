import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { createLifecycle } from '../../../src/cli/processes/lifecycle.js';
import { startMetrics } from '../../../src/cli/processes/metrics.js';
import { keepLog } from '../../support/harness/log.js';

const hasIpv6 = Object.values(networkInterfaces()).some((of) => of?.some(({ address }) => address === '::1'));

const statusFor = (url: string, host?: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    request(url, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });

test.skipIf(!hasIpv6).each(['::1', '0:0:0:0:0:0:0:1'])(
  'metrics at the loopback address %s are told with brackets, and are for names of loopback alone',
  async (host) => {
    const { log } = keepLog();
    const lifecycle = createLifecycle(log);
    const config = { metrics: { enabled: true, host, port: 0 } };
    const { url = '' } = await startMetrics({ config, log, lifecycle, anyPort: true });
    try {
      expect(url).toMatch(/^http:\/\/\[[0:]+1\]:\d+\/metrics$/);
      expect([await statusFor(url), await statusFor(url, 'evil.example')]).toEqual([200, 403]);
    } finally {
      await lifecycle.stop();
    }
  },
);
