/** One FM module on an open serial line: its settings, each asked back after it was set, and what it says of the air. */
import type { AtTalk } from './at-talk.ts';

/** The module answers, and not as it should. */
export class ModuleFault extends Error {
  readonly isRefusal: boolean;
  constructor(message: string, isRefusal = false) {
    super(message);
    this.name = 'ModuleFault';
    this.isRefusal = isRefusal;
  }
}

export type ModuleLook = { readonly rssiDbuv: number; readonly stereo: boolean };
export type ModuleSettings = {
  readonly isMuted: boolean;
  /** Null: not tuned yet. */
  readonly frequencyKhz: number | null;
};

type Setting = 'PWR' | 'MUTE' | 'VOL' | 'FREQ';

/** Every call rejects with a `ModuleFault` or the port's fault. */
export class AtModule {
  readonly #talk: AtTalk;
  readonly #seekMs: number;

  constructor(talk: AtTalk, seekMs: number) {
    this.#talk = talk;
    this.#seekMs = seekMs;
  }

  /** Is there a module? Then power, silence and volume. */
  async start(volume: number): Promise<void> {
    await this.#ask('AT');
    await this.#set('PWR', 1);
    await this.mute(true);
    await this.setVolume(volume);
  }

  async stop(): Promise<void> {
    await this.mute(true);
    await this.#set('PWR', 0);
  }

  mute(on: boolean): Promise<void> {
    return this.#set('MUTE', on ? 1 : 0);
  }

  setVolume(level: number): Promise<void> {
    return this.#set('VOL', level);
  }

  /** A frequency that it does not take is a fault that `isRefusal`. */
  tune(frequencyKhz: number): Promise<void> {
    return this.#set('FREQ', Math.round(frequencyKhz / 10));
  }

  /** The frequency it found. */
  async seek(direction: 'up' | 'down'): Promise<number> {
    return 10 * numberIn(await this.#ask(`AT+SEEK=${direction.toUpperCase()}`, 'FREQ', this.#seekMs), 'FREQ');
  }

  async look(): Promise<ModuleLook> {
    const rssiDbuv = numberIn(await this.#ask('AT+RSSI?', 'RSSI'), 'RSSI');
    return { rssiDbuv, stereo: numberIn(await this.#ask('AT+STEREO?', 'STEREO'), 'STEREO') === 1 };
  }

  /** A module whose supply dipped answers as before, with its own settings in the place of ours. */
  async check({ isMuted, frequencyKhz }: ModuleSettings): Promise<void> {
    await this.#expect('PWR', 1);
    await this.#expect('MUTE', isMuted ? 1 : 0);
    if (frequencyKhz !== null) await this.#expect('FREQ', Math.round(frequencyKhz / 10));
  }

  async #set(setting: Setting, value: number): Promise<void> {
    await this.#ask(`AT+${setting}=${value}`);
    await this.#expect(setting, value);
  }

  async #expect(setting: Setting, value: number): Promise<void> {
    const said = numberIn(await this.#ask(`AT+${setting}?`, setting), setting);
    if (said !== value)
      throw new ModuleFault(`${setting} is ${said} and was set to ${value}: has the module restarted?`);
  }

  /** Asked a second time where nothing came, but for a seek: the others say how it shall be, not by how much. */
  async #ask(command: string, name: string | null = null, answerMs?: number): Promise<string | null> {
    const first = await this.#talk.ask(command, name, answerMs);
    const isSilent = !first.ok && first.why === 'silent' && !command.startsWith('AT+SEEK');
    const answer = isSilent ? await this.#talk.ask(command, name, answerMs) : first;
    if (answer.ok) return answer.value;
    const isRefusal = answer.why === 'refused';
    throw new ModuleFault(
      isRefusal ? `the module refuses ${command} (${answer.words})` : answer.words,
      isRefusal,
    );
  }
}

function numberIn(value: string | null, name: string): number {
  if (value !== null && /^\d{1,6}$/.test(value)) return Number(value);
  throw new ModuleFault(`the module says ${name} is ${JSON.stringify(value)}`);
}
