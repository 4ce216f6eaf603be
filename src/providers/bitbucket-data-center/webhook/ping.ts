/** The event that only wants to know that somebody is here. */
export const PING = 'diagnostics:ping';

/** Its body: `{"test":true}`, with nothing of an event in it. */
export function isPing(payload: unknown): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    Object.keys(payload).length === 1 &&
    'test' in payload &&
    payload.test === true
  );
}
