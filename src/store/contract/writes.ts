/** How a write went. Those that had nothing to write are not told of. */
export interface Write {
  readonly isDelivery: boolean;
  /** Undefined after one that was stored. */
  readonly error: unknown;
}

/** Is told of writes. */
export type WriteListener = (write: Write) => void;
