/** Asks loa-clock.socket to set the machine's clock, and the clock chips: what the agent's own user may not. */
import { connect } from 'node:net';
import type { SetMachine } from './kernel-rtc.ts';

const LIMIT_MS = 15_000;
const ANSWER_MOST = 200;

/** One line to it, `chip 1790000000.123` in UTC seconds; one from it, `ok` or what went wrong. */
export const setMachineBy =
  (socketFile: string): SetMachine =>
  (what, atMs) =>
    new Promise((resolve) => {
      let answer = '';
      const socket = connect(socketFile);
      socket.setEncoding('utf8').setTimeout(LIMIT_MS, () => {
        socket.destroy(new Error('no answer'));
      });
      socket.on('data', (text: string) => {
        answer = (answer + text).slice(0, ANSWER_MOST);
      });
      socket.on('error', ({ message }) => {
        resolve(message);
      });
      socket.on('close', () => {
        const said = answer.trim();
        resolve(said === 'ok' ? null : said === '' ? 'no answer' : said);
      });
      socket.write(`${what} ${(atMs / 1000).toFixed(3)}\n`);
    });
