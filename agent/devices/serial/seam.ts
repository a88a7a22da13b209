/** The seam of one serial line: bytes out and bytes in, and the news that it is gone. */

export type PortListener = {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Unplugged or hung up; not called for a `close` of ours. */
  readonly onGone: () => void;
};

export interface Port {
  /** Resolves when the bytes are taken over, not when they are on the wire. Rejects with a `PortFault`. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens the line for ourselves alone; rejects with a `PortFault`. */
export type OpenPort = (listener: PortListener) => Promise<Port>;

/** What is wrong with the line; the message says it in words. */
export class PortFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PortFault';
  }
}
