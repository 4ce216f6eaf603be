/** Variables of the libraries that Hookyard works with, which read them by themselves: what they hold is a credential. */
const CREDENTIALS = [
  ...['PGPASSWORD', 'TEMPORAL_API_KEY', 'TEMPORAL_TLS_CLIENT_KEY_DATA'],
  ...['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'],
];
/** `name=value,name=value`: the headers of an exporter, an API key among them. Values are encoded as in URLs. */
const HEADERS = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];
/** What begins so is a header of each call to Temporal. */
const TEMPORAL_HEADER = 'TEMPORAL_GRPC_META_';

/** Returns the credentials in the environment that no option of the configuration refers to. */
export function environmentSecrets(env: NodeJS.ProcessEnv): string[] {
  const headers = HEADERS.flatMap((name) => (env[name] ?? '').split(',').map((one) => one.slice(one.indexOf('=') + 1)));
  const grpc = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(TEMPORAL_HEADER) && value ? [value] : [],
  );
  return [...CREDENTIALS.flatMap((name) => env[name] ?? []), ...headers.flatMap(withDecoded), ...grpc];
}

function withDecoded(value: string): string[] {
  try {
    return [value, decodeURIComponent(value)];
  } catch {
    return [value];
  }
}
