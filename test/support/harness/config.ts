import type { Config } from '../../../src/config/config.js';
import type { ConfigInput } from '../../../src/config/index.js';
import { configSchema } from '../../../src/config/schema.js';
import { NeededSecret } from '../../../src/secrets/reference.js';
import { Secret } from '../../../src/secrets/secret.js';

export type Values = Readonly<Record<string, string>>;

/** Returns a configuration as it is after loading: `{ env: NAME }` is replaced by the secret `values[NAME]`. */
export function configOf(input: ConfigInput, values: Values): Config {
  return resolved(configSchema.parse(input), values) as Config;
}

function resolved(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, values));
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof NeededSecret) {
    const found = 'env' in value.reference ? values[value.reference.env] : undefined;
    return found === undefined ? undefined : new Secret(found);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, values)]));
}
