/** One MQTT 3.1.1 connection (protocol.md §8): clean session, QoS 1, last will, bounded frames, and never a second try: that is its caller's. */
import net from 'node:net';
import tls from 'node:tls';
import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';
import { FrameLimit } from './frames.ts';
import { inWords } from './words.ts';

export type LineOptions = {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly clientId: string;
  readonly keepaliveS: number;
  /** Until the broker answered the connection, and again until it answered a subscription. */
  readonly connectMs: number;
  readonly will: { readonly topic: string; readonly payload: Uint8Array };
};

export type LineEvents = {
  connected(): void;
  message(topic: string, payload: Uint8Array): Promise<void>;
  /** Once, and the last thing that is heard of this line. `silent`: nobody said that it ended. */
  closed(why: string, silent: boolean): void;
};

export class Line {
  readonly #client: MqttClient;
  readonly #options: LineOptions;
  readonly #events: LineEvents;
  #why: string | null = null;
  #silent = false;
  #over = false;

  constructor(options: LineOptions, events: LineEvents) {
    this.#options = options;
    this.#events = events;
    this.#client = new mqtt.MqttClient(() => this.#socket(), clientOptions(options));
    // Instead of its event: the library reads on only when this one is done, so a flood fills no memory here.
    this.#client.handleMessage = (packet, done) => {
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      void this.#events.message(packet.topic, payload).finally(() => {
        done();
      });
    };
    this.#client.on('connect', () => {
      this.#events.connected();
    });
    this.#client.on('error', (error) => {
      this.#silent ||= error.message === 'Keepalive timeout';
      this.#noteWhy(inWords(error));
    });
    this.#client.on('close', () => {
      this.#close();
    });
  }

  /** Resolves once the broker has granted all of them; hangs up where it does not. */
  async subscribe(topics: readonly string[]): Promise<boolean> {
    const timer = setTimeout(() => {
      this.hangUp('the broker does not answer a subscription');
    }, this.#options.connectMs);
    try {
      const granted = await this.#client.subscribeAsync([...topics], { qos: 1 });
      return granted.every(({ qos }) => qos === 1);
    } catch (cause) {
      this.hangUp(inWords(cause));
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  unsubscribe(topics: readonly string[]): void {
    this.#client.unsubscribe([...topics], (error) => {
      if (error) this.#noteWhy(inWords(error));
    });
  }

  /** Retained, QoS 1; true once the broker has it, false where it will not get it from this line. */
  publish(topic: string, payload: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      const body = Buffer.from(payload);
      this.#client.publish(topic, body, { qos: 1, retain: true }, (error) => {
        // Null in practice, whatever the type says.
        resolve(!error);
      });
    });
  }

  /** Ends the connection without a word: the broker says the last will. */
  hangUp(why: string): void {
    this.#noteWhy(why);
    this.#client.end(true);
    this.#client.stream.destroy();
  }

  /** Takes leave: no last will is said. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.hangUp('left');
        resolve();
      }, 1_000);
      this.#client.end(false, {}, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #socket(): net.Socket {
    const { hostname, port, protocol } = new URL(this.#options.url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket =
      protocol === 'mqtts:'
        ? tls.connect({ host, port: Number(port || 8883), servername: net.isIP(host) === 0 ? host : '' })
        : net.connect({ host, port: Number(port || 1883) });
    const limit = new FrameLimit();
    socket.on('data', (chunk: Buffer) => {
      const fault = limit.fault(chunk);
      if (fault === null) return;
      this.#noteWhy(fault);
      socket.destroy();
    });
    return socket;
  }

  #noteWhy(why: string): void {
    this.#why ??= why;
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#client.end(true);
    this.#events.closed(this.#why ?? 'the connection closed', this.#silent);
  }
}

const clientOptions = (options: LineOptions): IClientOptions => ({
  clientId: options.clientId,
  protocolVersion: 4,
  clean: true,
  keepalive: options.keepaliveS,
  connectTimeout: options.connectMs,
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  // A buffer for each of the 65,536 numbers would cost 7 MB.
  writeCache: false,
  will: { topic: options.will.topic, payload: Buffer.from(options.will.payload), qos: 1, retain: true },
});
