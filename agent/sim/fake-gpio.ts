/** A GPIO chip as sysfs shows it, in a folder of its own under the real drivers: levels are files, and the chip can be taken away. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpio, Level, Line } from '../devices/gpio/seam.ts';

export type FakeChip = {
  readonly base: number;
  readonly lines: number;
  readonly label: string;
  /** As a device tree would give them. */
  readonly names?: readonly string[];
};

/** The kernel's errors carry a code. */
const kernelError = (code: string): Error => Object.assign(new Error(`${code}: fake kernel`), { code });

export class FakeGpio implements Gpio {
  readonly folder: string;
  readonly #held = new Set<number>();
  readonly #stuck = new Map<number, Level>();
  readonly #watchers = new Map<number, () => void>();
  #hangs = false;
  #interrupts = true;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Puts a chip there, as a driver that binds does. */
  plug({ base, lines, label, names }: FakeChip): void {
    const chip = join(this.folder, `gpiochip${base}`);
    mkdirSync(join(chip, 'device/of_node'), { recursive: true });
    writeFileSync(join(chip, 'base'), `${base}\n`);
    writeFileSync(join(chip, 'ngpio'), `${lines}\n`);
    writeFileSync(join(chip, 'label'), `${label}\n`);
    if (names === undefined) return;
    writeFileSync(join(chip, 'device/of_node/gpio-line-names'), names.map((name) => `${name}\0`).join(''));
  }

  /** Takes away every chip and every line. */
  unplug(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder);
  }

  /** Another driver holds this line. */
  hold(number: number): void {
    this.#held.add(number);
  }

  /** The pin no longer follows: shorted to a rail. */
  stick(number: number, level: Level): void {
    this.#stuck.set(number, level);
  }

  /** No line answers any more. */
  hang(): void {
    this.#hangs = true;
  }

  /** The chip has no interrupts. */
  withoutInterrupts(): void {
    this.#interrupts = false;
  }

  /** What a voltmeter on the pin shows; null where there is no such line. */
  wire(number: number): Level | null {
    const file = this.#levelFile(number);
    if (!existsSync(file)) return null;
    return this.#stuck.get(number) ?? levelIn(file);
  }

  /** Somebody outside puts this level on an input. */
  drive(number: number, level: Level): void {
    mkdirSync(join(this.folder, `gpio${number}`), { recursive: true });
    const isEdge = this.wire(number) !== level;
    writeFileSync(this.#levelFile(number), String(level));
    if (isEdge) this.#watchers.get(number)?.();
  }

  /** Lines whose edges somebody listens to. */
  get watched(): number {
    return this.#watchers.size;
  }

  open(number: number, use: 'in' | { readonly out: Level }): Promise<Line> {
    if (this.#held.has(number)) return Promise.reject(kernelError('EBUSY'));
    if (!existsSync(this.folder)) return Promise.reject(kernelError('EINVAL'));
    const levelFile = this.#levelFile(number);
    if (use !== 'in') {
      mkdirSync(join(this.folder, `gpio${number}`), { recursive: true });
      writeFileSync(levelFile, String(use.out));
    } else if (!existsSync(levelFile)) this.drive(number, 0);
    return Promise.resolve(this.#line(number, levelFile));
  }

  #line(number: number, levelFile: string): Line {
    const answer = <T>(act: () => T): Promise<T> => {
      if (this.#hangs) return new Promise(() => undefined);
      return existsSync(levelFile) ? Promise.resolve(act()) : Promise.reject(kernelError('ENODEV'));
    };
    return {
      levelFile,
      read: () => answer(() => this.wire(number) ?? 0),
      write: (level) =>
        answer(() => {
          writeFileSync(levelFile, String(level));
        }),
      watch: (onEdge) => {
        if (this.#watchers.has(number)) throw new Error('watched twice: every edge would call back twice');
        if (this.#interrupts) this.#watchers.set(number, onEdge);
        return this.#interrupts;
      },
      unwatch: () => {
        this.#watchers.delete(number);
      },
      release: () => {
        this.#watchers.delete(number);
      },
    };
  }

  #levelFile(number: number): string {
    return join(this.folder, `gpio${number}`, 'value');
  }
}

/** A file is empty for an instant while another process writes it; the kernel's are not. */
function levelIn(file: string): Level {
  for (;;) {
    const text = readFileSync(file, 'utf8');
    if (text !== '') return text === '1' ? 1 : 0;
  }
}
