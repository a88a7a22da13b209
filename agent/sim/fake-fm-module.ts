/**
 * A serial FM module in memory, under the real driver: takes and gives bytes of the AT dialect that the bench's
 * serial-fm-emulator speaks, and fails in the ways that modules, wires and plugs do.
 */
import type { Pace } from '../devices/bus/seam.ts';
import type { OpenPort, Port, PortListener } from '../devices/serial/seam.ts';
import { PortFault } from '../devices/serial/seam.ts';

type Settings = { PWR: number; MUTE: number; VOL: number; FREQ: number };
type Mode = 'ok' | 'silent' | 'garbage' | 'error' | 'halfline';

/** As it comes out of its power supply: sounding, as some modules do. */
const factory: Settings = { PWR: 0, MUTE: 0, VOL: 0, FREQ: 8_750 };
const limits: Readonly<Record<keyof Settings, readonly [number, number]>> = {
  PWR: [0, 1],
  MUTE: [0, 1],
  VOL: [0, 15],
  FREQ: [8_700, 10_800],
};
const isSetting = (name: string): name is keyof Settings => Object.hasOwn(limits, name);

export class FakeFmModule {
  readonly #pace: Pace;
  readonly #stations = new Map<number, number>();
  readonly commands: string[] = [];
  #settings: Settings = { ...factory };
  #listener: PortListener | null = null;
  #trouble: string | null = null;
  #half = '';
  #drops = 0;
  #isLying = false;
  #lateMs: number | null = null;
  mode: Mode = 'ok';
  /** A second opener of the same line. */
  #isLocked = false;
  opened = 0;
  closed = 0;

  constructor(pace: Pace, stations: readonly { readonly frequencyKhz: number; readonly rssiDbuv: number }[]) {
    this.#pace = pace;
    for (const { frequencyKhz, rssiDbuv } of stations) this.#stations.set(frequencyKhz / 10, rssiDbuv);
  }

  readonly open: OpenPort = (listener) => {
    if (this.#trouble !== null) return Promise.reject(new PortFault(this.#trouble));
    if (this.#isLocked) return Promise.reject(new PortFault('another program has this serial line open'));
    this.opened += 1;
    this.#isLocked = true;
    this.#listener = listener;
    return Promise.resolve(this.#port(listener));
  };

  /** What comes out of its loudspeaker socket. */
  get heard(): { readonly frequencyKhz: number; readonly volume: number } | null {
    const { PWR, MUTE, VOL, FREQ } = this.#settings;
    return PWR === 1 && MUTE === 0 ? { frequencyKhz: FREQ * 10, volume: VOL } : null;
  }

  hangUp(): void {
    this.#trouble = 'there is no such serial line: plugged in?';
    this.#isLocked = false;
    const listener = this.#listener;
    this.#listener = null;
    listener?.onGone();
  }

  /** Another unit is plugged in: it has its factory settings. */
  replug(): void {
    this.#trouble = null;
    this.#settings = { ...factory };
  }

  /** Somebody else has opened the line. */
  lock(isLocked: boolean): void {
    this.#trouble = isLocked ? 'another program has this serial line open' : null;
  }

  /** It starts again, and says so where it is that kind. */
  restart(says: boolean): void {
    this.#settings = { ...factory };
    if (says) this.#say('+READY');
  }

  /** It agrees to whatever is set, and does nothing of it. */
  lie(isLying: boolean): void {
    this.#isLying = isLying;
  }

  /** The next commands are not heard. */
  drop(count: number): void {
    this.#drops = count;
  }

  /** Half of the next answer comes at once and the rest so much later. */
  splitNext(lateMs: number): void {
    this.#lateMs = lateMs;
  }

  /** Bytes that nobody asked for. */
  noise(bytes: Uint8Array): void {
    this.#listener?.onBytes(bytes);
  }

  #port(listener: PortListener): Port {
    const isOpen = () => this.#listener === listener;
    return {
      write: (bytes) => {
        if (!isOpen()) return Promise.reject(new PortFault('Port is not open'));
        const lines = (this.#half + Buffer.from(bytes).toString('latin1')).split(/\r\n|\r|\n/);
        this.#half = lines.pop() ?? '';
        for (const line of lines) if (line !== '') this.#obey(line);
        return Promise.resolve();
      },
      close: () => {
        this.closed += 1;
        if (isOpen()) this.#listener = null;
        this.#isLocked = false;
        return Promise.resolve();
      },
    };
  }

  #obey(line: string): void {
    this.commands.push(line);
    if (this.#drops > 0) {
      this.#drops -= 1;
      return;
    }
    if (this.mode === 'error') this.#say('ERROR 7');
    else if (line === 'AT') this.#say('OK');
    else this.#say(...this.#answer(/^AT\+([A-Z]+)(\?|=(.*))$/.exec(line)));
  }

  #answer(command: RegExpExecArray | null): readonly string[] {
    if (command === null) return ['ERROR 1'];
    const [, name = '', , value] = command;
    if (name === 'SEEK' && value !== undefined) return this.#seek(value);
    if (value === undefined) return this.#told(name);
    return isSetting(name) ? [this.#put(name, Number(value))] : ['ERROR 2'];
  }

  #told(name: string): readonly string[] {
    const rssi = this.#settings.PWR === 1 ? (this.#stations.get(this.#settings.FREQ) ?? 8) : 0;
    const told: Readonly<Record<string, number>> = {
      ...this.#settings,
      RSSI: rssi,
      STEREO: rssi > 30 ? 1 : 0,
    };
    const value = told[name];
    return value === undefined ? ['ERROR 2'] : [`+${name}:${value}`, 'OK'];
  }

  #put(name: keyof Settings, value: number): string {
    const [from, to] = limits[name];
    if (!(value >= from && value <= to)) return 'ERROR 3';
    if (name !== 'PWR' && this.#settings.PWR === 0) return 'ERROR 4';
    if (!this.#isLying) this.#settings[name] = value;
    return 'OK';
  }

  /** Round the band, as most modules do. */
  #seek(direction: string): readonly string[] {
    const up = [...this.#stations.keys()].sort((a, b) => a - b);
    const inOrder = direction === 'UP' ? up : up.reverse();
    const isAhead = (each: number) =>
      direction === 'UP' ? each > this.#settings.FREQ : each < this.#settings.FREQ;
    this.#settings.FREQ = inOrder.find(isAhead) ?? inOrder[0] ?? this.#settings.FREQ;
    return [`+FREQ:${this.#settings.FREQ}`, 'OK'];
  }

  /** In the next turn, as bytes come: never while they are asked for. */
  #say(...lines: readonly string[]): void {
    const bytes = this.#onWire(lines);
    const lateMs = this.#lateMs;
    this.#lateMs = null;
    const cut = lateMs === null ? bytes.length : Math.floor(bytes.length / 2);
    const listener = this.#listener;
    queueMicrotask(() => {
      if (bytes.length > 0) listener?.onBytes(bytes.subarray(0, cut));
    });
    if (lateMs === null) return;
    void this.#pace.wait(lateMs).then(() => {
      listener?.onBytes(bytes.subarray(cut));
    });
  }

  #onWire(lines: readonly string[]): Uint8Array {
    const each = lines.map((line) => Buffer.from(`${line}\r\n`, 'latin1'));
    switch (this.mode) {
      case 'silent':
        return new Uint8Array();
      case 'garbage':
        return Buffer.concat(each).map((byte) => byte ^ 0xa5);
      case 'halfline':
        return Buffer.concat(each.map((line) => line.subarray(0, Math.floor(line.length / 2))));
      case 'ok':
      case 'error':
        return Buffer.concat(each);
    }
  }
}
