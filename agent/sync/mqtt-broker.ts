/** Keeps one connection to the broker standing for as long as the agent runs, patiently and at random times. */
import type { BoxGone } from '../../shared/wire/carrier.ts';
import { MAX_MQTT_PAYLOAD_BYTES, statusTopic } from '../../shared/wire/topics.ts';
import type { Broker, BrokerEvents } from './broker.ts';
import { Line } from './mqtt.ts';
import { reconnectWait, shorterKeepalive } from './reconnect.ts';
import type { Random, Waits } from './waits.ts';

export type MqttBrokerOptions = {
  readonly url: string;
  readonly prov: string;
  readonly dev: string;
  readonly waits: Waits;
  readonly random: Random;
  /** Monotonic milliseconds. */
  readonly upMs: () => number;
};

const SILENT: BrokerEvents = {
  subscribed: () => undefined,
  message: () => Promise.resolve(),
  lost: () => undefined,
};

export class MqttBroker implements Broker {
  readonly #options: MqttBrokerOptions;
  readonly #topic: string;
  readonly #gone: Uint8Array;
  #events = SILENT;
  #wanted: readonly string[] = [];
  /** What the line that stands has been granted; null while none stands. */
  #granted: readonly string[] | null = null;
  #line: Line | null = null;
  #timer: NodeJS.Timeout | undefined;
  #stoodSince = 0;
  #failures = 0;
  #awayMs = 0;
  #keepaliveS: number;
  #status: Uint8Array | null = null;
  #saying: Line | null = null;

  constructor(options: MqttBrokerOptions) {
    const gone: BoxGone = { v: 1, dev: options.dev, gone: true };
    this.#options = options;
    this.#topic = statusTopic(options.prov, options.dev);
    this.#gone = Buffer.from(JSON.stringify(gone));
    this.#keepaliveS = options.waits.keepaliveS;
  }

  open(topics: readonly string[], events: BrokerEvents): void {
    this.#wanted = topics;
    this.#events = events;
    this.#connect();
  }

  connected(): boolean {
    return this.#granted !== null;
  }

  follow(topics: readonly string[]): void {
    this.#wanted = topics;
    if (this.#line !== null && this.#granted !== null) void this.#subscribe(this.#line);
  }

  say(status: Uint8Array): boolean {
    if (status.length > MAX_MQTT_PAYLOAD_BYTES) return false;
    this.#status = status;
    void this.#sayNewest();
    return true;
  }

  leaveAlone(ms: number): void {
    this.#awayMs = ms;
    this.#line?.hangUp('the broker floods, and is left alone');
  }

  async close(): Promise<void> {
    const line = this.#line;
    this.#events = SILENT;
    this.#line = null;
    clearTimeout(this.#timer);
    if (line === null) return;
    if (this.#granted === null) line.hangUp('closing');
    else {
      // The same words as the last will, which a broker does not say for one who takes leave.
      void line.publish(this.#topic, this.#gone);
      await line.leave();
    }
    this.#granted = null;
  }

  #connect(): void {
    const { url, dev, waits, upMs } = this.#options;
    const will = { topic: this.#topic, payload: this.#gone };
    const options = { url, clientId: dev, keepaliveS: this.#keepaliveS, connectMs: waits.connectMs, will };
    const line: Line = new Line(options, {
      connected: () => {
        this.#stoodSince = upMs();
        void this.#subscribe(line);
      },
      message: (topic, payload) => this.#events.message(topic, payload),
      closed: (why, silent) => {
        if (line === this.#line) this.#lost(why, silent);
      },
    });
    this.#line = line;
    this.#stoodSince = Number.POSITIVE_INFINITY;
  }

  async #subscribe(line: Line): Promise<void> {
    const wanted = this.#wanted;
    const old = (this.#granted ?? []).filter((topic) => !wanted.includes(topic));
    if (old.length > 0) line.unsubscribe(old);
    const granted = await line.subscribe(wanted);
    if (line !== this.#line) return;
    if (!granted) {
      line.hangUp('the broker refuses a subscription');
      return;
    }
    this.#granted = wanted;
    this.#events.subscribed();
    void this.#sayNewest();
  }

  /** One at a time: on a slow line the newest replaces what waits. */
  async #sayNewest(): Promise<void> {
    const line = this.#line;
    if (line === null || this.#granted === null || this.#saying === line) return;
    this.#saying = line;
    for (let said = null; this.#status !== null && said !== this.#status && line === this.#line;) {
      said = this.#status;
      await line.publish(this.#topic, said);
    }
    if (this.#saying === line) this.#saying = null;
  }

  #lost(why: string, silent: boolean): void {
    const { waits, random, upMs } = this.#options;
    this.#line = null;
    this.#granted = null;
    this.#saying = null;
    if (silent) this.#keepaliveS = shorterKeepalive(waits, this.#keepaliveS);
    const stoodMs = upMs() - this.#stoodSince;
    if (stoodMs >= waits.reconnectMostMs) this.#failures = 0;
    const waitMs = Math.max(this.#awayMs, reconnectWait(waits, this.#failures, random));
    this.#failures += 1;
    this.#awayMs = 0;
    this.#timer = setTimeout(() => {
      this.#connect();
    }, waitMs);
    this.#events.lost(why);
  }
}
