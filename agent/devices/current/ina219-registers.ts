/**
 * Registers and arithmetic of the INA219, pure. Source: Texas Instruments SBOS448F and SBOS448G (register summary,
 * configuration, ADC settings, bus voltage flags, configure/measure/calculate example); checked against Linux
 * drivers/hwmon/ina2xx.c and drivers/iio/adc/ina2xx-adc.c (0x399F after reset, 10 µV and 4 mV a bit, calibration
 * factor 0.04096). 16 bits, high byte first.
 */

export const register = { configuration: 0, shunt: 1, bus: 2, power: 3, current: 4, calibration: 5 } as const;

/** Writing it resets the chip, which then has `afterReset` in its configuration: it carries no other identity. */
export const resetBit = 0x8000;
export const afterReset = 0x399f;

/** Bus voltage register: a conversion has finished since the power register was last read. */
export const conversionReady = 0b10;
/** Bus voltage register: current or power do not fit into their registers. */
export const mathOverflow = 0b01;

/** Shunt 128 samples (68.10 ms) and bus once (532 µs), continuously: a figure each 69 ms. */
const bus32V = 1 << 13;
const busAdc12Bit = 0b0011 << 7;
const shuntAdc128Samples = 0b1111 << 3;
const shuntAndBusContinuous = 0b111;
const shuntBitsPerMillivolt = 100;
/** Gain settings 0 to 3 of the shunt's amplifier. */
const rangesMillivolts = [40, 80, 160, 320] as const;

export type Scale = {
  readonly configuration: number;
  readonly calibration: number;
  readonly milliampsPerBit: number;
  /** From here on the shunt's amplifier is at its end, up or down. */
  readonly shuntLimitBits: number;
};

/** Throws where the shunt is too large for the current: a fault of the configuration. */
export function scaleFor(shuntMilliohms: number, maxMilliamps: number): Scale {
  const millivolts = (shuntMilliohms * maxMilliamps) / 1_000;
  const gain = rangesMillivolts.findIndex((range) => millivolts <= range);
  const range = rangesMillivolts[gain];
  if (range === undefined || !(shuntMilliohms > 0 && maxMilliamps > 0))
    throw new Error(
      `${maxMilliamps} mA over ${shuntMilliohms} mΩ is ${millivolts} mV: the INA219 takes up to 320`,
    );
  const wantedAmpsPerBit = maxMilliamps / 1_000 / 2 ** 15;
  const wanted = Math.trunc(0.04096 / (wantedAmpsPerBit * (shuntMilliohms / 1_000)));
  // Bit 0 cannot be written; what is cut off here is made good in the weight of a bit.
  const calibration = Math.min(0xfffe, wanted & ~1);
  return {
    configuration: bus32V | (gain << 11) | busAdc12Bit | shuntAdc128Samples | shuntAndBusContinuous,
    calibration,
    milliampsPerBit: (0.04096 / (calibration * (shuntMilliohms / 1_000))) * 1_000,
    shuntLimitBits: range * shuntBitsPerMillivolt,
  };
}

/** Two's complement. */
export const signed = (bits: number): number => (bits >= 0x8000 ? bits - 0x10000 : bits);
