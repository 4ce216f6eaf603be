/** In bytes of JSON, what an event may take that a run gets. Temporal's limit for a payload is 2 MB. */
export const MAX_EVENT = 1_500_000;
