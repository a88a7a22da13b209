/** An intent taken apart for people: for each layer the winner, the rule, and everybody who lost to it. */
import { LAYERS, nameOf, titleOf, type Intent, type Layer } from '../../shared/schedule/intent.ts';
import { explain, explainLoser, explainPassedOver } from '../../shared/schedule/words.ts';
import { text, type Text } from '../../shared/messages/text.ts';
import type { LayerWhy, WhyAnswer } from './protocol.ts';

/** `silence`: a condition code, from what the agent says may not be acted on. */
export function whyOf(
  intent: Intent,
  silence: string | null,
  byRadio: WhyAnswer['byRadio'] = null,
): WhyAnswer {
  const { at, quiet, passedOver } = intent;
  return {
    atMs: at * 1000,
    layers: LAYERS.map((layer) => layerWhy(intent, layer)),
    quiet: { on: quiet.on, silences: quiet.silences, untilAtMs: quiet.until * 1000 },
    passedOver: passedOver.map((one) => both((language) => explainPassedOver(one, language))),
    silence,
    byRadio,
  };
}

function layerWhy(intent: Intent, layer: Layer): LayerWhy {
  const verdict = intent[layer];
  const { winner, losers, rule, until } = verdict;
  return {
    layer,
    winner: nameOf(winner),
    title: winner === null ? null : titleOf(winner),
    rule,
    why: both((language) => explain(verdict, language)),
    untilAtMs: until === null ? null : until * 1000,
    losers: losers.map((loser) => ({
      name: nameOf(loser.candidate) ?? '',
      title: titleOf(loser.candidate),
      rule: loser.rule,
      why: both((language) => explainLoser(loser.rule, language)),
    })),
  };
}

const both = (in_: (language: 'vi' | 'en') => string): Text => text(in_('vi'), in_('en'));
