/** The page of the fleet: what is urgent first, then the boxes by commune, and beside them what has happened. */
import { useMemo, useState } from 'preact/hooks';
import { useConsole, useNowMs } from '../state/use-console.ts';
import type { ConsoleState } from '../state/state.ts';
import { briefOf } from '../view/brief.ts';
import type { Brief } from '../view/brief.ts';
import { countsOf } from '../view/fleet.ts';
import type { Wish } from '../view/fleet.ts';
import { Banners } from './banners.tsx';
import { Communes } from './communes.tsx';
import { Header } from './header.tsx';
import { Journal } from './journal.tsx';
import { Footer } from './footer.tsx';
import { Speak, useLanguage } from './language.tsx';

const EVERYTHING: Wish = { show: 'all', search: '' };

export function Page() {
  const state = useConsole();
  const nowMs = useNowMs(state.skewMs);
  const speaking = useLanguage();
  const [wish, setWish] = useState(EVERYTHING);
  const briefs = useBriefs(state);
  const boxes = useMemo(() => [...state.boxes.values()], [state.boxes]);
  return (
    <Speak language={speaking.language}>
      <Header state={state} nowMs={nowMs} counts={countsOf(briefs)} speaking={speaking} />
      <main class={state.line.kind === 'lost' ? 'main past' : 'main'}>
        <Banners state={state} boxes={boxes} nowMs={nowMs} />
        <div class="columns">
          <Communes {...{ state, briefs, nowMs, wish, setWish }} />
          <Journal state={state} nowMs={nowMs} />
        </div>
      </main>
      <Footer />
    </Speak>
  );
}

function useBriefs({ boxes, places }: ConsoleState): readonly Brief[] {
  return useMemo(() => [...boxes.values()].map((box) => briefOf(box, places)), [boxes, places]);
}
