/** A question over a serial line takes its own answer and no other, in whatever pieces it comes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SimPace } from '../../sim/sim-pace.ts';
import { AtTalk } from './at-talk.ts';

const times = { answerMs: 1_000, quietMs: 100 };

describe('AtTalk', () => {
  let pace: SimPace;
  let talk: AtTalk;
  let written: string[];
  let unasked: string[];
  const hear = (text: string): void => {
    talk.hear(Buffer.from(text, 'latin1'));
  };
  /** The answer to a question, after the line has said this in reply. */
  const answerTo = async (command: string, name: string | null, ...replies: readonly string[]) => {
    const answer = talk.ask(command, name);
    await pace.pass(120);
    for (const reply of replies) hear(reply);
    return pace.until(answer);
  };

  beforeEach(() => {
    pace = new SimPace();
    written = [];
    unasked = [];
    const port = {
      write: (bytes: Uint8Array) => {
        written.push(Buffer.from(bytes).toString('latin1'));
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    talk = new AtTalk(port, pace, times, (line) => unasked.push(line));
  });

  it('ends a half line of somebody before it asks for the first time', async () => {
    expect(await answerTo('AT', null, 'OK\r\n')).toEqual({ ok: true, value: null });
    expect(written).toEqual(['\r\n', 'AT\r\n']);
  });

  it('takes an answer in pieces of one byte', async () => {
    expect(await answerTo('AT+RSSI?', 'RSSI', ...Array.from('+RSSI:45\r\nOK\r\n'))).toEqual({
      ok: true,
      value: '45',
    });
  });

  it('does not take the OK of an earlier command for a value', async () => {
    const answer = await answerTo('AT+RSSI?', 'RSSI', 'OK\r\n', '+RSSI:45\r\n', 'OK\r\n');
    expect(answer).toEqual({ ok: true, value: '45' });
  });

  it('does not take the value of another name for its own', async () => {
    const answer = await answerTo('AT+RSSI?', 'RSSI', '+FREQ:9210\r\nOK\r\n', '+RSSI:45\r\nOK\r\n');
    expect([answer, unasked]).toEqual([{ ok: true, value: '45' }, ['+FREQ:9210']]);
  });

  it('asks nothing while late words of a timed-out answer still come, and begins without them', async () => {
    await answerTo('AT', null, 'OK\r\n');
    expect(await answerTo('AT+VER?', 'VER', '+VER:FM')).toMatchObject({ ok: false, why: 'silent' });
    const next = talk.ask('AT');
    await pace.pass(60);
    hear('EMU-1.0\r\nOK\r\n+VE');
    await pace.pass(60);
    expect(written.at(-1)).toBe('\r\n');
    await pace.pass(100);
    expect(written.at(-1)).toBe('AT\r\n');
    hear('OK\r\n');
    expect(await pace.until(next)).toEqual({ ok: true, value: null });
  });

  it('waits for a line that never falls silent no longer than two seconds', async () => {
    const answer = talk.ask('AT');
    for (let ms = 0; ms < 2_100; ms += 10) {
      hear('x');
      await pace.pass(10);
    }
    expect(written.at(-1)).toBe('AT\r\n');
    hear('\r\nOK\r\n');
    expect(await pace.until(answer)).toEqual({ ok: true, value: null });
  });
});
