/** The name of the event that only tests the connection. */
export const PING = 'diagnostics:ping';

/** Returns whether a body is that of a ping: `{"test":true}` and nothing else. */
export function isPing(payload: unknown): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    Object.keys(payload).length === 1 &&
    'test' in payload &&
    payload.test === true
  );
}
