/** Asks loa-clock.socket to set the machine's clock, and the clock chips: what the agent's own user may not. */
import { connect } from 'node:net';
import type { SetMachine } from './kernel-rtc.ts';

const LIMIT_MS = 15_000;
const READY = 'ready\n';
const HEARD_MOST = 200;

/**
 * It says `ready` once it runs, so that its start, which takes a while, makes the time no older. Then one line to it,
 * `chip 1790000000.123` in UTC seconds, and one from it: `ok`, or what went wrong.
 */
export const setMachineBy =
  (socketFile: string): SetMachine =>
  (what, nowMs) =>
    new Promise((resolve) => {
      let heard = '';
      const socket = connect(socketFile);
      socket.setEncoding('utf8').setTimeout(LIMIT_MS, () => {
        socket.destroy(new Error('no answer'));
      });
      socket.on('data', (text: string) => {
        const wasReady = heard.startsWith(READY);
        heard = (heard + text).slice(0, HEARD_MOST);
        if (!wasReady && heard.startsWith(READY)) socket.write(`${what} ${(nowMs() / 1000).toFixed(3)}\n`);
      });
      socket.on('error', ({ message }) => {
        resolve(message);
      });
      socket.on('close', () => {
        const said = heard.replace(READY, '').trim();
        resolve(said === 'ok' ? null : said === '' ? 'no answer' : said);
      });
    });
