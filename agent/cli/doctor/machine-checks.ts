/** Judges the machine: power, heat, card, room, clock chip, wires, network path, installation. Pure. */
import { doctorMessages as words } from '../../../shared/messages/doctor.ts';
import type { Configured } from '../../local/examined.ts';
import { cardIn, cardOf, hasPin } from '../machine/mismatch.ts';
import type { Disk } from '../machine/disk.ts';
import type { Reached } from '../machine/network.ts';
import { bad, unknown, well, type Finding, type Seen } from './finding.ts';

const HOT_C = 80;
const WORN_TENTHS = 9;
const MEMORY_LEAST_BYTES = 64_000_000;
const FREE_LEAST_BYTES = 100_000_000;
const RTC_MOST_S = 300;
const INODES_LEAST = 0.05;
const RESTARTS_MOST = 3;
const BOOTS_MOST = 5;
const CERTIFICATE_DAYS = 14;
const DAY_MS = 86_400_000;

/** Judges what was seen; unseen is unknown. */
const seenOr = <T>(value: T | null, judge: (value: T) => Finding): Finding =>
  value === null ? unknown(words.unseen) : judge(value);

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_000_000)} MB`;

export const voltage = ({ machine }: Seen): Finding =>
  seenOr(machine.underVoltage, (isLow) => (isLow ? bad('UNDER_VOLTAGE') : well()));

export const heat = ({ machine }: Seen): Finding =>
  seenOr(machine.hottestC, (c) => {
    const shown = `${Math.round(c)} °C`;
    return c >= HOT_C ? bad('HOT', shown) : well(shown);
  });

export const throttling = ({ machine }: Seen): Finding =>
  seenOr(machine.throttled, (isSlow) => (isSlow ? bad('THROTTLED') : well()));

export const card = ({ machine }: Seen): Finding =>
  seenOr(machine.cardWear, (tenths) => {
    const shown = `${Math.min(100, tenths * 10)} %`;
    return tenths >= WORN_TENTHS ? bad('CARD_WORN', shown) : well(shown);
  });

export const errors = ({ machine }: Seen): Finding =>
  seenOr(machine.diskErrors, (count) => (count > 0 ? bad('DISK_ERRORS', String(count)) : well()));

export const memory = ({ machine }: Seen): Finding =>
  seenOr(machine.memoryFreeBytes, (bytes) =>
    bytes < MEMORY_LEAST_BYTES ? bad('MEMORY_LOW', megabytes(bytes)) : well(words.free(megabytes(bytes))),
  );

export function rtc({ machine, hardware }: Seen): Finding {
  if (hardware.rtcs.length === 0) return bad('RTC_MISSING');
  return seenOr(machine.rtcAheadS, (s) =>
    Math.abs(s) > RTC_MOST_S ? bad('RTC_DISAGREES', `${s} s`) : well(`${s} s`),
  );
}

export function clockSetter({ installed }: Seen, { setsClocks }: Configured): Finding {
  if (!setsClocks) return well(words.notWired);
  return seenOr(installed.clockSetters, (names) =>
    names.length > 0 ? bad('CLOCK_MEDDLED', names.join(', ')) : well('loa-agent'),
  );
}

export const writable = ({ stateDisk }: Seen): Finding =>
  seenOr(stateDisk?.readOnly ?? null, (isReadOnly) => (isReadOnly ? bad('DISK_READ_ONLY') : well()));

export const space = ({ stateDisk }: Seen): Finding =>
  seenOr(stateDisk, ({ freeBytes }) =>
    freeBytes < FREE_LEAST_BYTES
      ? bad('DISK_FULL', megabytes(freeBytes))
      : well(words.free(megabytes(freeBytes))),
  );

export const mediaSpace = ({ mediaDisk }: Seen, { reserveBytes }: Configured): Finding =>
  seenOr(mediaDisk, ({ freeBytes }) =>
    freeBytes < reserveBytes
      ? bad('MEDIA_DISK_FULL', megabytes(freeBytes))
      : well(words.free(megabytes(freeBytes))),
  );

export function inodes({ stateDisk, mediaDisk }: Seen): Finding {
  const free = [stateDisk, mediaDisk].map((disk: Disk | null) => disk?.inodesFree ?? null);
  const known = free.filter((part) => part !== null);
  if (known.length === 0) return unknown(words.unseen);
  const least = Math.min(...known);
  const shown = `${Math.floor(least * 100)} %`;
  return least < INODES_LEAST ? bad('INODES_LOW', shown) : well(words.free(shown));
}

export function cloud({ cloud: reached }: Seen): Finding {
  if (reached === null) return unknown(words.unseen);
  if (reached.at === 'there') return well();
  const codes = { name: 'DNS_FAILS', connection: 'CLOUD_UNREACHED', certificate: 'TLS_FAILS' } as const;
  return bad(codes[reached.at], reached.detail);
}

export function certificate({ cloud: reached, nowMs }: Seen): Finding {
  const endsAtMs = endOf(reached);
  if (endsAtMs === null) return unknown(words.unseen);
  const days = Math.floor((endsAtMs - nowMs) / DAY_MS);
  return days < CERTIFICATE_DAYS ? bad('CERTIFICATE_ENDS', `${days} d`) : well(words.days(days));
}

const endOf = (reached: Reached | null): number | null =>
  reached?.at === 'there' ? reached.certificateEndsAtMs : null;

export function broker({ broker: reached }: Seen, { brokerUrl }: Configured): Finding {
  if (brokerUrl === null) return well(words.notWired);
  if (reached === null) return unknown(words.unseen);
  return reached.at === 'there' ? well() : bad('BROKER_UNREACHED', reached.detail);
}

export const mpv = ({ installed }: Seen): Finding =>
  installed.mpv === null ? bad('MPV_MISSING') : well(installed.mpv);

export function fonts({ installed }: Seen, { screenVo }: Configured): Finding {
  if (screenVo === null) return well(words.notWired);
  return seenOr(installed.vietnameseFonts, (count) =>
    count === 0 ? bad('FONTS_MISSING') : well(String(count)),
  );
}

export const keys = ({ openKeys }: Seen): Finding =>
  seenOr(openKeys, (open) => (open.length > 0 ? bad('KEY_EXPOSED', open.join(', ')) : well()));

export const service = ({ installed }: Seen): Finding =>
  seenOr(installed.service, ({ enabled, restarts }) => {
    if (!enabled) return bad('SERVICE_DISABLED');
    return restarts > RESTARTS_MOST ? bad('SERVICE_RESTARTS', String(restarts)) : well(String(restarts));
  });

export const boots = ({ installed }: Seen): Finding =>
  seenOr(installed.boots, (count) =>
    count >= BOOTS_MOST ? bad('BOOTS_OFTEN', String(count)) : well(String(count)),
  );

export function soundCard({ hardware }: Seen, configured: Configured): Finding {
  if (configured.sound === null) return well(words.notWired);
  const wanted = cardOf(configured.sound);
  if (wanted === null) return well(configured.sound.ao);
  const cards = hardware.soundCards ?? [];
  const isThere = wanted === '' ? cards.length > 0 : cards.some(({ id }) => id === wanted);
  return isThere ? well(wanted) : bad('NO_SOUND_DEVICE', wanted === '' ? null : wanted);
}

export function lineInput({ hardware }: Seen, { line }: Configured): Finding {
  if (line === null) return well(words.notWired);
  // Which sources a sound server has, only that server knows.
  if (line.by === 'pulse') return well(`pulse ${line.name}`);
  const wanted = cardIn(line.name);
  const able = (hardware.soundCards ?? []).filter(({ captures }) => captures);
  const isThere = wanted === '' ? able.length > 0 : able.some(({ id }) => id === wanted);
  return isThere ? well(line.name) : bad('NO_LINE_IN', line.name);
}

export function pins({ hardware }: Seen, configured: Configured): Finding {
  if (configured.pins.length === 0) return well(words.notWired);
  const missing = configured.pins.filter(({ pin }) => !hasPin(hardware.gpioChips, pin));
  if (missing.length === 0) return well();
  return bad('GPIO_MISSING', missing.map(({ use }) => use).join(', '));
}

export function bus({ hardware, portThere }: Seen, { tuner }: Configured): Finding {
  if (tuner === null) return well(words.notWired);
  if (tuner.i2cBus !== null)
    return hardware.i2cBuses.includes(tuner.i2cBus)
      ? well(`/dev/i2c-${tuner.i2cBus}`)
      : bad('BUS_MISSING', `/dev/i2c-${tuner.i2cBus}`);
  if (tuner.path === null) return well(tuner.kind);
  return portThere === true ? well(tuner.path) : bad('SERIAL_PORT_MISSING', tuner.path);
}

export function cable({ hardware }: Seen, { screenVo }: Configured): Finding {
  if (screenVo === null) return well(words.notWired);
  if (hardware.connectors.length === 0) return unknown(words.unseen);
  return hardware.connectors.some(({ connected }) => connected) ? well() : bad('SCREEN_UNPLUGGED');
}
