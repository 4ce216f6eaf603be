/** Variables of the libraries that Hookyard works with, which read them by themselves: what they hold is a credential. */
const CREDENTIALS = [
  ...['PGPASSWORD', 'TEMPORAL_API_KEY', 'TEMPORAL_TLS_CLIENT_KEY_DATA'],
  ...['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'],
];
/** `name=value,name=value`: the headers of an exporter, an API key among them. Values are encoded as in URLs. */
const HEADERS = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];
/** What begins so is a header of each call to Temporal. */
const TEMPORAL_HEADER = 'TEMPORAL_GRPC_META_';
/** What a header is called that holds a credential. Honeycomb's key is in the one of the team. */
const TELLS_CREDENTIAL = /auth|key|token|secret|passw|credential|signature|cookie|dsn|^x-honeycomb-team$/i;

/** What the environment holds that no option of the configuration refers to. */
export interface EnvironmentSecrets {
  readonly credentials: readonly string[];
  /**
   * What stands in headers that are not called as one with a credential: it may be one all the same, and may be the name of a
   * tenant, a data set or a namespace, which repositories and branches have as well.
   */
  readonly others: readonly string[];
}

interface Header {
  readonly name: string;
  readonly values: readonly string[];
}

/** Returns what the libraries take from the environment by themselves, and send with their calls. */
export function environmentSecrets(env: NodeJS.ProcessEnv): EnvironmentSecrets {
  const headers = [...exporterHeaders(env), ...temporalHeaders(env)];
  const valuesOf = (credentials: boolean) =>
    headers.filter(({ name }) => TELLS_CREDENTIAL.test(name) === credentials).flatMap(({ values }) => values);
  return {
    credentials: [...CREDENTIALS.flatMap((name) => env[name] ?? []), ...valuesOf(true)],
    others: valuesOf(false),
  };
}

function exporterHeaders(env: NodeJS.ProcessEnv): Header[] {
  const all = HEADERS.flatMap((variable) => (env[variable] ?? '').split(',')).filter((one) => one !== '');
  return all.map((one) => {
    const at = one.indexOf('=');
    return { name: one.slice(0, Math.max(at, 0)).trim(), values: withDecoded(one.slice(at + 1)) };
  });
}

function temporalHeaders(env: NodeJS.ProcessEnv): Header[] {
  return Object.entries(env).flatMap(([variable, value]) =>
    variable.startsWith(TEMPORAL_HEADER) && value
      ? [{ name: variable.slice(TEMPORAL_HEADER.length), values: [value] }]
      : [],
  );
}

function withDecoded(value: string): string[] {
  try {
    return [value, decodeURIComponent(value)];
  } catch {
    return [value];
  }
}
