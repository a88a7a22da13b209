/** A loudspeaker's last and next minutes, drawn as a strip: proof to the left of now, promise to the right. */
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import type { Card } from '../view/card.ts';
import { stripOf } from '../view/strip.ts';
import { clockOf } from '../view/time.ts';
import { useSay } from './language.tsx';

const WIDTH = 300;
const HEIGHT = 16;

export function StripView({ card, nowMs }: { card: Card; nowMs: number }) {
  const say = useSay();
  const { blocks, now, spanMs } = stripOf(card, nowMs);
  const fromMs = nowMs - now * spanMs;
  return (
    <div class="strip">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say(words.journal)}
      >
        <rect class="ground" width={WIDTH} height={HEIGHT} />
        {blocks.map(({ from, to, kind, title }) => (
          <rect
            key={`${kind}${from}`}
            class={kind}
            x={from * WIDTH}
            width={(to - from) * WIDTH}
            height={HEIGHT}
          >
            <title>{title}</title>
          </rect>
        ))}
        <rect class="line" x={now * WIDTH - 0.5} width={1} height={HEIGHT} />
      </svg>
      <p class="strip-times" aria-hidden="true">
        <span>{clockOf(fromMs).slice(0, 5)}</span>
        <span>{clockOf(nowMs).slice(0, 5)}</span>
        <span>{clockOf(fromMs + spanMs).slice(0, 5)}</span>
      </p>
    </div>
  );
}
