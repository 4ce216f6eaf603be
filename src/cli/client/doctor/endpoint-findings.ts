import type { Config } from '../../../config/config.js';
import { type Remark, warn } from '../../../server/api/findings/finding.js';

const CREDENTIAL = /authori[sz]ation|cookie|token|secret|signature|password|credential|api-?key/i;

/** Says which headers of endpoints carry a credential that the configuration holds as it is, and not by reference. */
export function endpointFindings(endpoints: Config['endpoints']): Remark[] {
  return Object.entries(endpoints).flatMap(([name, { headers }]) =>
    Object.entries(headers)
      .filter(([header, value]) => typeof value === 'string' && CREDENTIAL.test(header))
      .map(([header]) =>
        warn(
          `endpoints.${name}.headers: the value of "${header}" stands in the configuration as it is`,
          "name where it is kept: env('NAME'), file('/path'); it is then hidden in logs and histories too",
        ),
      ),
  );
}
