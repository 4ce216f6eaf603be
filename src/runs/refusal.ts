/** Statuses of the kind 4xx that ask for another try. */
const TRY_AGAIN = [408, 425, 429];

/** Returns whether an endpoint that answers with this status will not have the message, so that it is not sent again. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !TRY_AGAIN.includes(status);
}
