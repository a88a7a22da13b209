/** The hooks by which the page lives: the state that the feed keeps, and the cloud's time, second by second. */
import { useEffect, useReducer, useState } from 'preact/hooks';
import { Feed } from './feed.ts';
import { FIRST, heard } from './state.ts';
import type { ConsoleState, News } from './state.ts';
import { browserWires } from './wires.ts';

export function useConsole(): ConsoleState {
  const [state, tell] = useReducer(heard, FIRST);
  useEffect(() => follow(tell), []);
  return state;
}

/** Returns the way to stop. */
function follow(tell: (news: News) => void): () => void {
  const stop = new AbortController();
  const feed = new Feed(tell, browserWires(stop.signal));
  feed.open();
  return () => {
    feed.close();
    stop.abort();
  };
}

/** This machine's clock in milliseconds; the page is drawn anew each time a second begins by the cloud's clock. */
export function useNowMs(skewMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const turn = (): void => {
      const atMs = Date.now();
      setNowMs(atMs);
      timer = setTimeout(turn, 1000 - ((((atMs + skewMs) % 1000) + 1000) % 1000));
    };
    turn();
    return () => {
      clearTimeout(timer);
    };
  }, [skewMs]);
  return nowMs + skewMs;
}
