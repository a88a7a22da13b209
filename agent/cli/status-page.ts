/** `loa status` on one screen: what is on, what comes next, what is wrong and what to do about it. */
import { bySeverity, declaredOf, severityOf } from '../../shared/health/condition.ts';
import { loaMessages, radioUses } from '../../shared/messages/loa.ts';
import { surfaces } from '../../shared/messages/records.ts';
import { shown } from '../../shared/messages/text.ts';
import type { BoxStatus, ComingUp, LayerNow } from '../../shared/wire/status.ts';
import { clock, dateAndTime, padded, wrapped, type In } from './page.ts';

const MARGIN = 10;
const SOON = 4;

export function statusPage(status: BoxStatus, say: In): readonly string[] {
  const atMs = playedByMs(status);
  return [
    ...heading(status, say),
    '',
    ...(['sound', 'screen', 'ticker'] as const).flatMap((layer) =>
      layerLines({ ...status, atMs }, layer, say),
    ),
    '',
    ...nextPage(status.next.slice(0, SOON), atMs, say),
    '',
    ...conditionLines(status, say),
    '',
    ...factLines(status, say),
  ];
}

/** A box that does not know the time goes by that of a station, if at all. */
function playedByMs({ atMs, upMs, clock: { radio } }: BoxStatus): number {
  return radio?.bootAtMs == null ? atMs : radio.bootAtMs + upMs;
}

function heading(status: BoxStatus, say: In): string[] {
  const { dev, area, agentVersion, atMs } = status;
  const { state, u } = status.clock;
  const time = state === 'FLOOR' ? say(loaMessages.noTime) : `${dateAndTime(atMs)} ±${u} s`;
  return [
    `${dev}  ${area ?? say(loaMessages.notEnrolled)}  Loa ${shown(agentVersion)}`,
    `${state}  ${time}`,
    ...radioLines(status, say),
  ];
}

function radioLines(status: BoxStatus, say: In): readonly string[] {
  const { radio } = status.clock;
  if (radio === undefined) return [];
  if (radio.bootAtMs === null) return wrapped(`  ${say(loaMessages.radioAwaited)}`, 4);
  const at = dateAndTime(playedByMs(status));
  const use = `${say(radioUses[radio.use])}; ${say(loaMessages.noOrders)}`;
  return wrapped(`  ${say(loaMessages.byRadio(at))}: ${use}`, 4);
}

function layerLines({ now, atMs }: BoxStatus, layer: keyof BoxStatus['now'], say: In): readonly string[] {
  const label = padded(say(surfaces[layer]), MARGIN);
  const { winner, title, why } = now[layer];
  if (winner === null) return wrapped(`${label}${say(loaMessages.nothing)} (${shown(say(why))})`, MARGIN);
  return [
    ...wrapped(`${label}${shown(title ?? winner)} – ${howLong(now[layer], atMs, say)}`, MARGIN),
    ...wrapped(`${' '.repeat(MARGIN)}${shown(say(why), 400)}`, MARGIN),
  ];
}

function howLong({ active, over, untilAtMs }: LayerNow, nowMs: number, say: In): string {
  const state = say(active ? loaMessages.playing : over ? loaMessages.over : loaMessages.waiting);
  return untilAtMs === null ? state : `${state}, ${say(loaMessages.until(clock(untilAtMs, nowMs)))}`;
}

/** Without `nowMs` every line carries its date. */
export function nextPage(coming: readonly ComingUp[], nowMs: number | null, say: In): readonly string[] {
  if (coming.length === 0) return [say(loaMessages.nothingNext)];
  const lines = coming.map(({ layer, atMs, winner, title }) => {
    const what = title ?? winner ?? say(loaMessages.nothing);
    return `  ${padded(nowMs === null ? dateAndTime(atMs) : clock(atMs, nowMs), 8)}  ${padded(say(surfaces[layer]), MARGIN)}${shown(what)}`;
  });
  return [`${say(loaMessages.next)}:`, ...lines.flatMap((line) => wrapped(line, 2 * MARGIN + 2))];
}

function conditionLines({ conditions, atMs }: BoxStatus, say: In): readonly string[] {
  if (conditions.length === 0) return [say(loaMessages.noConditions)];
  return bySeverity(conditions).flatMap(({ code, sinceMs }) => {
    const declared = declaredOf(code);
    const since = say(loaMessages.since(clock(sinceMs, atMs)));
    const head = `${marks[severityOf(code)]} ${shown(code)} (${since})`;
    if (declared === null) return [head];
    return [...wrapped(`${head}: ${say(declared.text)}`, 4), ...wrapped(`  → ${say(declared.remedy)}`, 4)];
  });
}

const marks = { info: '·', warning: '!', error: '!!', danger: '!!!' } as const;

function factLines(status: BoxStatus, say: In): readonly string[] {
  const { link, media, unsentRecords, held, stale, rejects, atMs } = status;
  const contact = link.lastContactAtMs === null ? say(loaMessages.never) : clock(link.lastContactAtMs, atMs);
  const facts = [
    say(link.brokerConnected ? loaMessages.connected : loaMessages.notConnected),
    say(loaMessages.lastContact(contact)),
    say(loaMessages.unsent(unsentRecords)),
    say(loaMessages.media(media.wanted - media.missing, media.wanted)),
  ];
  const documents = Object.entries(held).map(
    ([id, { epoch, ver }]) =>
      `${shown(id)} ${epoch}.${ver}${stale.includes(id) ? ` ${say(loaMessages.stale)}` : ''}`,
  );
  const refused = Object.entries(rejects).map(([code, count]) => `${shown(code)} ${count}`);
  return [
    listLine(say(loaMessages.link), facts),
    listLine(say(loaMessages.held), documents),
    listLine(say(loaMessages.rejected), refused),
  ].flat();
}

const listLine = (label: string, entries: readonly string[]): readonly string[] =>
  entries.length === 0 ? [] : wrapped(`${label}: ${entries.join(', ')}`, 2);
