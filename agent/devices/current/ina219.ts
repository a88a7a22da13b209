/** The amplifier's current through an INA219 on I2C: started, watched, and started again when it was gone. */
import type { Bus, Pace } from '../bus/seam.ts';
import { BusFault } from '../bus/seam.ts';
import { afterReset, conversionReady, mathOverflow, register, resetBit } from './ina219-registers.ts';
import { scaleFor, signed, type Scale } from './ina219-registers.ts';
import type { CurrentMeter, CurrentObserved } from './seam.ts';

export type Ina219Options = {
  readonly openBus: () => Promise<Bus>;
  readonly pace: Pace;
  /** 0x40 to 0x4f, by the two address pins. */
  readonly address: number;
  /** Of the resistor: 100 on most boards, 10 or less for an amplifier. */
  readonly shuntMilliohms: number;
  /** The most that the amplifier ever draws: finer the smaller it is. */
  readonly maxMilliamps: number;
};

const measureMs = 500;
const retryMs = 2_000;
/** A measurement takes a seventh of the time between two looks: so many looks without one, and the chip stands still. */
const MISSES = 4;

/** The chip answers, and not as it should. */
class ChipFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ChipFault';
  }
}

export class Ina219 implements CurrentMeter {
  readonly #options: Ina219Options;
  readonly #scale: Scale;
  #watch: { readonly over: AbortController; readonly done: Promise<void> } | null = null;
  #bus: Bus | null = null;
  #milliamps: number | null = null;
  #failure: string | null = 'not open';
  #misses = 0;

  /** Throws where shunt and current do not fit the chip. */
  constructor(options: Ina219Options) {
    this.#options = options;
    this.#scale = scaleFor(options.shuntMilliohms, options.maxMilliamps);
  }

  async open(): Promise<void> {
    if (this.#watch !== null) return;
    const over = new AbortController();
    await this.#try(() => this.#start());
    this.#watch = { over, done: this.#watchUntil(over.signal) };
  }

  observe(): CurrentObserved {
    return {
      milliamps: this.#milliamps === null ? null : Math.round(this.#milliamps),
      failure: this.#failure,
    };
  }

  async close(): Promise<void> {
    this.#watch?.over.abort();
    await this.#watch?.done;
    this.#watch = null;
    await this.#letGo();
    this.#milliamps = null;
    this.#failure = 'not open';
  }

  async #watchUntil(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#options.pace.wait(this.#bus === null ? retryMs : measureMs, signal);
      if (signal.aborted) return;
      await this.#try(() => (this.#bus === null ? this.#start() : this.#measure(this.#bus)));
    }
  }

  async #start(): Promise<void> {
    const { openBus } = this.#options;
    const bus = await openBus();
    this.#bus = bus;
    await this.#write(bus, register.configuration, resetBit);
    const found = await this.#read(bus, register.configuration);
    if (found !== afterReset) throw new ChipFault(`what answers is no INA219 (${hex(found)} after a reset)`);
    await this.#write(bus, register.calibration, this.#scale.calibration);
    await this.#write(bus, register.configuration, this.#scale.configuration);
    await this.#check(bus);
    this.#misses = 0;
    this.#failure = null;
  }

  async #measure(bus: Bus): Promise<void> {
    await this.#check(bus);
    const flags = await this.#read(bus, register.bus);
    const isReady = (flags & conversionReady) !== 0;
    this.#misses = isReady ? 0 : this.#misses + 1;
    if (this.#misses >= MISSES) throw new ChipFault('the chip no longer measures');
    if (!isReady) return;
    const shunt = signed(await this.#read(bus, register.shunt));
    const current = signed(await this.#read(bus, register.current));
    // Reading the power takes the flag back: what is ready at the next look is new.
    await this.#read(bus, register.power);
    const isBeyond = (flags & mathOverflow) !== 0 || Math.abs(shunt) >= this.#scale.shuntLimitBits;
    this.#milliamps = isBeyond ? null : current * this.#scale.milliampsPerBit;
    this.#failure = isBeyond ? this.#beyond() : null;
  }

  /** A chip whose supply dipped answers as before, with its settings gone. */
  async #check(bus: Bus): Promise<void> {
    const { calibration, configuration } = this.#scale;
    const isOurs =
      (await this.#read(bus, register.calibration)) === calibration &&
      (await this.#read(bus, register.configuration)) === configuration;
    if (!isOurs) throw new ChipFault('the chip has lost its settings: a dip of its supply?');
  }

  #beyond(): string {
    const { maxMilliamps, shuntMilliohms } = this.#options;
    return `more current than ${maxMilliamps} mA over ${shuntMilliohms} mΩ: a short, or the wrong shunt is configured`;
  }

  async #write(bus: Bus, at: number, value: number): Promise<void> {
    await bus.write(this.#options.address, Uint8Array.of(at, value >> 8, value & 0xff));
  }

  async #read(bus: Bus, at: number): Promise<number> {
    const [high = 0, low = 0] = await bus.readAt(this.#options.address, at, 2);
    return (high << 8) | low;
  }

  /** A fault of bus or chip is told and the chip let go; anything else is a bug of ours and goes up. */
  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (cause) {
      if (!(cause instanceof BusFault || cause instanceof ChipFault)) throw cause;
      this.#milliamps = null;
      this.#failure = cause.message;
      await this.#letGo();
    }
  }

  async #letGo(): Promise<void> {
    const bus = this.#bus;
    this.#bus = null;
    try {
      await bus?.close();
    } catch (cause) {
      // The bus hangs: it was told, and a new one is opened next time.
      if (!(cause instanceof BusFault)) throw cause;
    }
  }
}

const hex = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
