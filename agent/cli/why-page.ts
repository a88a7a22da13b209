/** `loa why` in words: for each layer who won, by which rule, and who lost to it. */
import { declaredOf } from '../../shared/health/condition.ts';
import { loaMessages, radioUses } from '../../shared/messages/loa.ts';
import { surfaces } from '../../shared/messages/records.ts';
import { shown } from '../../shared/messages/text.ts';
import type { LayerWhy, WhyAnswer } from '../local/protocol.ts';
import { clock, dateAndTime, wrapped, type In } from './page.ts';

export function whyPage(why: WhyAnswer, say: In): readonly string[] {
  return [
    ...wrapped(`${dateAndTime(why.atMs)} ${say(loaMessages.whyFromNow)}`, 2),
    ...silenceLines(why, say),
    ...radioLines(why, say),
    ...why.layers.flatMap((layer) => layerLines(layer, why.atMs, say)),
    ...passedOverLines(why, say),
  ];
}

function silenceLines({ silence, quiet, atMs }: WhyAnswer, say: In): readonly string[] {
  if (silence !== null) {
    const because = declaredOf(silence);
    const words = because === null ? shown(silence) : say(because.text);
    return wrapped(`${say(loaMessages.boxSilent)}: ${words}`, 2);
  }
  if (!quiet.on) return [];
  const consequence = quiet.silences ? `, ${say(loaMessages.quietSilences)}` : '';
  return wrapped(`${say(loaMessages.quietOn(clock(quiet.untilAtMs, atMs)))}${consequence}.`, 2);
}

function radioLines({ byRadio, atMs }: WhyAnswer, say: In): readonly string[] {
  if (byRadio === null) return [];
  const use = `${say(radioUses[byRadio])}; ${say(loaMessages.noOrders)}`;
  return wrapped(`${say(loaMessages.noTime)}: ${say(loaMessages.byRadio(clock(atMs, atMs)))}: ${use}`, 2);
}

function layerLines(
  { layer, winner, why, untilAtMs, losers }: LayerWhy,
  atMs: number,
  say: In,
): readonly string[] {
  const until = untilAtMs === null ? '' : ` (${say(loaMessages.until(clock(untilAtMs, atMs)))})`;
  const verdict = winner === null ? `${say(loaMessages.nothing)}: ${say(why)}` : say(why);
  return [
    '',
    ...wrapped(`${say(surfaces[layer])}: ${shown(verdict, 400)}${until}`, 4),
    ...losers.flatMap((loser) =>
      wrapped(
        `  ${say(loaMessages.losesTo)}: ${shown(loser.title ?? loser.name)} [${shown(loser.name)}] – ${shown(say(loser.why))}`,
        4,
      ),
    ),
  ];
}

function passedOverLines({ passedOver }: WhyAnswer, say: In): readonly string[] {
  if (passedOver.length === 0) return [];
  return [
    '',
    `${say(loaMessages.passedOver)}:`,
    ...passedOver.flatMap((one) => wrapped(`  ${shown(say(one))}`, 4)),
  ];
}
