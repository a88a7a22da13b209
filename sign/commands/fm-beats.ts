/** `loa-sign fm-beats`: the heartbeat of a station, its anchors in an fmplan, and the seeds of a week for the station (protocol.md §7). */
import { Command } from '@commander-js/extra-typings';
import { digestOf, parseJson } from '../../shared/protocol/bytes.ts';
import { ANCHORS_END_SOON_S, anchoredUntil } from '../../shared/protocol/fm/beat.ts';
import { beginOf } from '../../shared/protocol/fm/beat-frame.ts';
import type { Fmplan, Station } from '../../shared/protocol/schema/documents.ts';
import { storedOf } from '../../shared/protocol/state.ts';
import { shownJson } from '../../shared/messages/text.ts';
import { localDay } from '../../shared/schedule/zone.ts';
import {
  beatingOf,
  daysToGive,
  firstBeat,
  isBeating,
  longerBeat,
  stationName,
  wantsBeat,
  writtenFmplan,
} from '../beats.ts';
import type { Beating, Written } from '../beats.ts';
import { Ended, homeAt, newPassphrase, nowS, orEnd, passphraseFrom } from '../desk.ts';
import { checkFree, readText, writeNew } from '../files.ts';
import { heartbeatPath, keepHeartbeat, MOST_DAYS, newHeartbeat, openHeartbeat } from '../heartbeat.ts';
import type { Heartbeat } from '../heartbeat.ts';
import type { Home } from '../home.ts';
import { enterLedger } from '../ledger.ts';
import { MESSAGES } from '../messages.ts';
import { knownZone, midnight, moment } from '../render/line.ts';
import { MOST_SEEDS, seedsOf } from '../seeds.ts';
import { say, showProgress } from '../terminal.ts';
import { filledFrom, keepDraft } from './drafts.ts';
import { groupsCommand } from './fm-groups.ts';
import { areaOption, homeOption, passphraseOption, stationOption, wholeNumber } from './options.ts';

const FROM_AHEAD_S = 30 * 86_400;
const ANCHORS = { vi: 'Tính mốc', en: 'anchors' };

const EXAMPLE = `
Ví dụ · Example of FILE (days: tổng của T2 = 1, T3 = 2, … CN = 64 · the sum of Monday = 1, Tuesday = 2, … Sunday = 64):
  {"typ": "fmplan", "area": "56", "mode": "beat", "dailyMaxMin": 30, "volume": 60,
   "stations": [{"frequencyKhz": 101900, "pi": "d3c1", "rssiMin": 20, "rssiMax": 80}],
   "windows": [{"days": 127, "from": "05:00", "to": "06:00", "afterMin": 30}],
   "orderKeys": ["kid, trong TOI.key.pub.json · of the duty officer's open key"]}`;

type Asked = {
  passphraseFile?: string | undefined;
  home: string;
  out: string;
  station?: number | undefined;
};

async function beatsNew(
  file: string,
  { days, from, out, home: folder, ...options }: Asked & { days: number; from?: string | undefined },
): Promise<void> {
  const home = await homeAt(folder);
  orEnd(checkFree(out));
  const t0 = firstMidnight(from);
  const written = writtenFmplan(parseJson(orEnd(await readText(file))));
  if (written === null) throw new Ended(MESSAGES.notAnFmplan(file));
  const made = newOnes(written, t0, options.station);
  if (made.size === 0) throw new Ended(MESSAGES.noStationToBeat);
  const stations = written.stations.map((each) => {
    const secret = made.get(each);
    return secret === undefined
      ? each
      : { ...each, beat: firstBeat(secret, checkedDays(days), tellOf(each)) };
  });
  const draft = await filledFrom({ ...written, stations }, home);
  const passphrase = await newPassphrase(options.passphraseFile);
  for (const secret of made.values()) orEnd(await keepHeartbeat(folder, secret, passphrase));
  await keepDraft(draft, out, home);
  for (const secret of made.values())
    say(MESSAGES.heartbeatMade(stationName(secret), heartbeatPath(folder, secret.chain)), 'warn');
}

const newOnes = (
  { stations }: Written,
  t0: number,
  frequencyKhz: number | undefined,
): ReadonlyMap<Written['stations'][number], Heartbeat> =>
  new Map(
    stations
      .filter((each) => wantsBeat(each) && (frequencyKhz ?? each.frequencyKhz) === each.frequencyKhz)
      .map((each) => [each, newHeartbeat({ frequencyKhz: each.frequencyKhz, pi: each.pi, t0 })]),
  );

function firstMidnight(from: string | undefined): number {
  const zone = knownZone();
  const today = midnight(zone, localDay(zone, nowS()));
  const wanted = from === undefined ? today : Date.parse(`${from}T00:00:00+07:00`) / 1000;
  if (wanted >= today && wanted <= today + FROM_AHEAD_S) return wanted;
  throw new Ended(MESSAGES.beatFrom, 2);
}

function checkedDays(days: number, most = MOST_DAYS): number {
  if (days >= 1 && days <= most) return days;
  throw new Ended(MESSAGES.beatDays(most), 2);
}

const tellOf = (of: Pick<Station, 'frequencyKhz' | 'pi'>) => (done: number, all: number) => {
  showProgress({ vi: `${ANCHORS.vi} ${stationName(of)}`, en: ANCHORS.en }, done, all);
};

/** What is extended and handed out is what this machine has verified. */
function pinnedIn({ state }: Home, area: string): Fmplan {
  const pinned = state === null ? undefined : storedOf(state, 'fmplan', `fmplan:${area}`);
  if (pinned === undefined) throw new Ended(MESSAGES.noSuchBeat);
  return pinned.document;
}

async function secretOf(folder: string, { beat }: Beating, file: string | undefined): Promise<Heartbeat> {
  const path = heartbeatPath(folder, beat.chain);
  // Before anybody types a passphrase for nothing.
  orEnd(await readText(path));
  return orEnd(
    await openHeartbeat(folder, beat.chain, await passphraseFrom(file, MESSAGES.passphrase(path))),
  );
}

async function beatsExtend({
  area,
  days,
  out,
  home: folder,
  ...options
}: Asked & { area: string; days: number }): Promise<void> {
  const home = await homeAt(folder);
  orEnd(checkFree(out));
  const span = { now: nowS(), days: checkedDays(days) };
  const { epoch: _epoch, ver: _ver, iat, exp, ...pinned } = pinnedIn(home, area);
  const meant = beatingOf(pinnedIn(home, area), options.station);
  if (meant.length === 0) throw new Ended(MESSAGES.noSuchBeat);
  const stations: Station[] = [];
  for (const each of pinned.stations) {
    if (!isBeating(each) || !meant.includes(each)) stations.push(each);
    else {
      const secret = await secretOf(folder, each, options.passphraseFile);
      stations.push({ ...each, beat: orEnd(longerBeat(secret, each.beat, span, tellOf(each))) });
    }
  }
  const times = { iat: span.now, exp: span.now + exp - iat };
  await keepDraft(await filledFrom({ ...pinned, ...times, stations }, home), out, home);
}

async function beatsSeeds({
  area,
  days,
  tomorrow,
  out,
  home: folder,
  ...options
}: Asked & { area: string; days: number; tomorrow?: true | undefined }): Promise<void> {
  const home = await homeAt(folder);
  orEnd(checkFree(out));
  const asked = { now: nowS(), days: checkedDays(days, MOST_SEEDS), skip: tomorrow === true ? 1 : 0 };
  const fmplan = pinnedIn(home, area);
  const of = theStation(fmplan, options.station);
  const secret = await secretOf(folder, of, options.passphraseFile);
  const given = orEnd(daysToGive(secret, of.beat, asked));
  const { frequencyKhz, pi, beat } = of;
  const seeds = seedsOf({ prov: fmplan.prov, area, frequencyKhz, pi, t0: beat.t0, chain: beat.chain }, given);
  const content = Buffer.from(`${shownJson(seeds)}\n`);
  const [first, last] = [given[0]?.day ?? 0, given.at(-1)?.day ?? 0];
  const id = `fm-seeds:${beat.chain}:${first}-${last}`;
  const common = { prov: fmplan.prov, typ: 'fm-seeds', id, epoch: 0, ver: 1 };
  orEnd(await enterLedger(folder, { at: asked.now, ...common, digest: digestOf(content), kid: null }));
  orEnd(await writeNew(out, content));
  const at = (day: number): string => moment(knownZone(), beginOf(beat.t0, day));
  say(MESSAGES.seedsMade(out, stationName(of), at(first), at(last + 1)), 'good');
  if (given.length < days) say(MESSAGES.fewerSeeds(given.length), 'warn');
  sayEnd(of, asked.now);
}

function theStation(fmplan: Fmplan, frequencyKhz: number | undefined): Beating {
  const [station, ...others] = beatingOf(fmplan, frequencyKhz);
  if (station === undefined) throw new Ended(MESSAGES.noSuchBeat);
  if (others.length === 0) return station;
  throw new Ended(MESSAGES.whichStation([station, ...others].map(stationName).join(', ')), 2);
}

function sayEnd(of: Beating, now: number): void {
  const until = anchoredUntil(of.beat, now);
  if (until - now > ANCHORS_END_SOON_S) return;
  say(MESSAGES.anchorsEnd(stationName(of), moment(knownZone(), until)), 'warn');
}

const newCommand = () =>
  new Command('new')
    .summary('tạo nhịp cho đài · make the heartbeat of a station')
    .description(
      'Thêm chuỗi mới và mốc từng ngày cho mỗi đài trong bản nháp fmplan còn thiếu nhịp; bí mật niêm phong trong --home.\nAdds a new chain and its daily anchors to each station of the draft that has none; the secret is sealed in --home.',
    )
    .argument('<file>', 'bản nháp fmplan, như cho "draft" · draft of an fmplan, as for "draft"')
    .requiredOption('--out <file>', 'bản nháp để ký · the draft to be signed')
    .addOption(stationOption())
    .option('--days <count>', 'số ngày có mốc · days with anchors', wholeNumber, MOST_DAYS)
    .option('--from <date>', 'ngày đầu, YYYY-MM-DD; mặc định hôm nay · first day; default: today')
    .addOption(passphraseOption())
    .addOption(homeOption())
    .addHelpText('after', EXAMPLE)
    .action(beatsNew);

const extendCommand = () =>
  new Command('extend')
    .summary('thêm ngày cho nhịp · add days to a heartbeat')
    .description(
      'Soạn phiên bản kế tiếp của fmplan đã ghim: cùng chuỗi, bỏ ngày đã qua, thêm mốc từ hôm nay.\nDrafts the next version of the pinned fmplan: the same chain, past days dropped, anchors from today on.',
    )
    .addOption(areaOption())
    .requiredOption('--out <file>', 'bản nháp để ký · the draft to be signed')
    .addOption(stationOption())
    .option('--days <count>', 'số ngày từ hôm nay · days from today', wholeNumber, MOST_DAYS)
    .addOption(passphraseOption())
    .addOption(homeOption())
    .action(beatsExtend);

const seedsCommand = () =>
  new Command('seeds')
    .summary('mầm nhịp một tuần cho đài · a week of seeds for the station')
    .description(
      'Ghi tệp mầm nhịp cho đài, không quá 7 ngày và chỉ những ngày có mốc trong fmplan đã ghim. Không hiện lên màn hình.\nWrites the seeds for the station, of 7 days at most and only of days that the pinned fmplan anchors. They are not shown.',
    )
    .addOption(areaOption())
    .requiredOption('--out <file>', 'tệp giao cho đài · the file for the station')
    .addOption(stationOption())
    .option('--days <count>', 'số ngày, tối đa 7 · days, 7 at most', wholeNumber, MOST_SEEDS)
    .option(
      '--tomorrow',
      'bắt đầu từ ngày mai, để tuần này nối tuần trước · begin tomorrow, so that weeks join',
    )
    .addOption(passphraseOption())
    .addOption(homeOption())
    .action(beatsSeeds);

export const fmBeatsCommand = () =>
  new Command('fm-beats')
    .summary('nhịp xác thực của đài FM · the heartbeat of an FM station')
    .addCommand(newCommand())
    .addCommand(extendCommand())
    .addCommand(seedsCommand())
    .addCommand(groupsCommand());
