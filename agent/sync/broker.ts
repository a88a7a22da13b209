/** The seam `Broker`: pushes that save a box the asking. It may be dead, deaf or hostile; all that it carries also comes another way. */

export type BrokerEvents = {
  /** Every topic is subscribed to (again). */
  subscribed(): void;
  /** One at a time: the next is not read from the network before this one is settled. */
  message(topic: string, payload: Uint8Array): Promise<void>;
  /** `why` in words. */
  lost(why: string): void;
};

export interface Broker {
  /** Connects, and again for ever, until `close`. */
  open(topics: readonly string[], events: BrokerEvents): void;
  /** From now on these topics and no others. */
  follow(topics: readonly string[]): void;
  /** Retained status of this box; only the newest is kept while there is no connection. False where it is too long to be said. */
  say(status: Uint8Array): boolean;
  connected(): boolean;
  /** Disconnects and stays away for so long: it floods. */
  leaveAlone(ms: number): void;
  close(): Promise<void>;
}
