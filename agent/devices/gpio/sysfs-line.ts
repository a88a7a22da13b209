/**
 * GPIO lines through the kernel's sysfs, the only importer of onoff. Always raw levels: onoff's activeLow turns values
 * round but not 'low' and 'high', so that an active-low relay opened with 'low' would be on.
 */
import { closeSync } from 'node:fs';
import type { Gpio as OnoffGpio } from 'onoff';
import type { Gpio, Level, Line } from './seam.ts';

const folder = '/sys/class/gpio';

/** onoff gives a line back to the kernel or keeps its descriptor for ever; there is nothing between. */
type Descriptor = { readonly _valueFd: number };

class SysfsLine implements Line {
  readonly #onoff: OnoffGpio;
  readonly #isInput: boolean;
  readonly levelFile: string;

  constructor(onoff: OnoffGpio, number: number, isInput: boolean) {
    this.#onoff = onoff;
    this.#isInput = isInput;
    this.levelFile = `${folder}/gpio${number}/value`;
  }

  read(): Promise<Level> {
    return this.#onoff.read();
  }

  write(level: Level): Promise<void> {
    return this.#onoff.write(level);
  }

  watch(onEdge: () => void): boolean {
    if (!this.#isInput || !this.#hasInterrupts()) return false;
    this.#onoff.watch(() => {
      onEdge();
    });
    return true;
  }

  unwatch(): void {
    this.#onoff.unwatchAll();
  }

  /** An output stays exported: once it is given back, its level is the chip driver's choice. */
  release(): void {
    this.unwatch();
    if (this.#isInput) this.#onoff.unexport();
    else closeSync((this.#onoff as unknown as Descriptor)._valueFd);
  }

  /** Lines without interrupts have no `edge` file. */
  #hasInterrupts(): boolean {
    try {
      return this.#onoff.edge() === 'both';
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause) return false;
      throw cause;
    }
  }
}

export const sysfsGpio: Gpio = {
  folder,
  async open(number, use) {
    const { Gpio: Onoff } = await import('onoff');
    const isInput = use === 'in';
    const direction = isInput ? 'in' : use.out === 1 ? 'high' : 'low';
    const onoff = isInput
      ? opened(Onoff, number)
      : new Onoff(number, direction, 'none', { activeLow: false });
    if (onoff.activeLow() || onoff.direction() !== (isInput ? 'in' : 'out')) {
      // Exported by somebody else: onoff swallows what it may not change.
      throw new Error(`gpio${number} is set up by another program and cannot be changed`);
    }
    surviveLoss(onoff);
    return new SysfsLine(onoff, number, isInput);
  },
};

/** onoff reads in its interrupt callback, where the fault of a line that has just gone would end the process. */
function surviveLoss(onoff: OnoffGpio): void {
  const read = onoff.readSync.bind(onoff);
  onoff.readSync = () => {
    try {
      return read();
    } catch (cause) {
      // Nobody of ours reads this way: the edge is told on, and the read that follows it tells of the loss.
      if (cause instanceof Error && 'code' in cause) return 0;
      throw cause;
    }
  };
}

/** With interrupts on both edges where the line has them. */
function opened(Onoff: typeof OnoffGpio, number: number): OnoffGpio {
  try {
    return new Onoff(number, 'in', 'both', { activeLow: false });
  } catch (cause) {
    const isEdge = cause instanceof Error && 'path' in cause && String(cause.path).endsWith('/edge');
    if (!isEdge) throw cause;
    return new Onoff(number, 'in', 'none', { activeLow: false });
  }
}
