/**
 * The Vietnamese lunar calendar at UTC+7, after Hồ Ngọc Đức's algorithm with the formulas of Jean Meeus
 * ("Astronomical Algorithms", 1998): new moons begin months, the sun's longitude names them.
 *
 * Invariant: the month with the winter solstice is the 11th; between two of them lie 12 months, or 13, of which the
 * first without a major solar term is the leap month. Before 1968 parts of Vietnam kept UTC+8; that is not followed.
 * Against the full series of Meeus, chapter 49, no month begins on another day before December 2072.
 */
import type { Day } from './days.ts';
import { dayOf } from './days.ts';

export interface LunarMonth {
  /** The Gregorian year in which this lunar year's Tết falls. */
  readonly year: number;
  readonly month: number;
  /** A leap month bears the number of the month before it. */
  readonly leap: boolean;
  readonly first: Day;
  /** 29 or 30. */
  readonly length: number;
}

const HOURS_EAST = 7;
const SYNODIC_MONTH = 29.530_588_853;
/** Julian day of 1970-01-01T00:00Z, and of the new moon from which moons are counted (1900-01-01). */
const EPOCH_JD = 2_440_587.5;
const MOON_0_JD = 2_415_021.076_998_695;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Julian day (universal time) of the k-th new moon since 1900-01-01. */
function newMoonJd(k: number): number {
  const T = k / 1236.85;
  const mean =
    2_415_020.759_33 +
    29.530_588_68 * k +
    0.000_117_8 * T ** 2 -
    0.000_000_155 * T ** 3 +
    0.000_33 * Math.sin(radians(166.56 + 132.87 * T - 0.009_173 * T ** 2));
  const sun = radians(359.2242 + 29.105_356_08 * k - 0.000_033_3 * T ** 2 - 0.000_003_47 * T ** 3);
  const moon = radians(306.0253 + 385.816_918_06 * k + 0.010_730_6 * T ** 2 + 0.000_012_36 * T ** 3);
  const node = radians(21.2964 + 390.670_506_46 * k - 0.001_652_8 * T ** 2 - 0.000_002_39 * T ** 3);
  return mean + moonCorrection(T, sun, moon, node) - deltaT(T);
}

/** Days by which the true new moon differs from the mean one. */
function moonCorrection(T: number, sun: number, moon: number, node: number): number {
  return (
    (0.1734 - 0.000_393 * T) * Math.sin(sun) +
    0.0021 * Math.sin(2 * sun) -
    0.4068 * Math.sin(moon) +
    0.0161 * Math.sin(2 * moon) -
    0.0004 * Math.sin(3 * moon) +
    0.0104 * Math.sin(2 * node) -
    0.0051 * Math.sin(sun + moon) -
    0.0074 * Math.sin(sun - moon) +
    0.0004 * Math.sin(2 * node + sun) -
    0.0004 * Math.sin(2 * node - sun) -
    0.0006 * Math.sin(2 * node + moon) +
    0.001 * Math.sin(2 * node - moon) +
    0.0005 * Math.sin(2 * moon + sun)
  );
}

/** Dynamical time less universal time, in days; T in centuries since 1900. */
function deltaT(T: number): number {
  return T < -11
    ? 0.001 + 0.000_839 * T + 0.000_226_1 * T ** 2 - 0.000_008_45 * T ** 3 - 0.000_000_081 * T * T ** 3
    : -0.000_278 + 0.000_265 * T + 0.000_262 * T ** 2;
}

/** Which twelfth of the sun's way, 0–11 from the spring equinox, it has reached when a day begins at UTC+7. */
function solarTermAt(day: Day): number {
  const T = (day + EPOCH_JD - HOURS_EAST / 24 - 2_451_545) / 36_525;
  const anomaly = radians(357.5291 + 35_999.0503 * T - 0.000_155_9 * T ** 2 - 0.000_000_48 * T ** 3);
  const mean = 280.466_45 + 36_000.769_83 * T + 0.000_303_2 * T ** 2;
  const centre =
    (1.9146 - 0.004_817 * T - 0.000_014 * T ** 2) * Math.sin(anomaly) +
    (0.019_993 - 0.000_101 * T) * Math.sin(2 * anomaly) +
    0.000_29 * Math.sin(3 * anomaly);
  const longitude = (((mean + centre) % 360) + 360) % 360;
  return Math.floor(longitude / 30);
}

/** The day, at UTC+7, of the k-th new moon: the first of its month. */
function firstOfMoon(k: number): Day {
  return Math.floor(newMoonJd(k) + HOURS_EAST / 24 - EPOCH_JD);
}

/** The moon whose month holds the winter solstice of a Gregorian year: the 11th month. */
function solsticeMoon(year: number): number {
  const k = Math.floor((dayOf(year, 12, 31) + EPOCH_JD + 0.5 - MOON_0_JD) / SYNODIC_MONTH);
  return solarTermAt(firstOfMoon(k)) >= 9 ? k - 1 : k;
}

const yearsKnown = new Map<number, readonly LunarMonth[]>();

/** The months from the 11th of the lunar year `year − 1` to the 10th of `year`, leap months among them. */
function monthsOfSolsticeYear(year: number): readonly LunarMonth[] {
  const known = yearsKnown.get(year);
  if (known !== undefined) return known;
  const from = solsticeMoon(year - 1);
  const count = solsticeMoon(year) - from;
  const firsts = Array.from({ length: count + 1 }, (_, i) => firstOfMoon(from + i));
  const leapAt = count === 13 ? leapIndex(firsts) : Infinity;
  const months = firsts.slice(0, count).map((first, i) => {
    const ordinal = i >= leapAt ? i - 1 : i;
    return {
      year: ordinal < 2 ? year - 1 : year,
      month: ((ordinal + 10) % 12) + 1,
      leap: i === leapAt,
      first,
      length: (firsts[i + 1] ?? first) - first,
    };
  });
  yearsKnown.set(year, months);
  return months;
}

/** The first month in which the sun reaches no new term; never the 11th, which has the solstice. */
function leapIndex(firsts: readonly Day[]): number {
  return firsts.findIndex((first, i) => {
    const next = firsts[i + 1];
    return next !== undefined && solarTermAt(first) === solarTermAt(next);
  });
}

/** Every month that has a day in a Gregorian year, in order, with some before and after. */
export function lunarMonthsAround(gregorianYear: number): readonly LunarMonth[] {
  return [...monthsOfSolsticeYear(gregorianYear), ...monthsOfSolsticeYear(gregorianYear + 1)];
}
