/** Serial lines of the kernel through the package serialport: the only file that knows it, and it loads it only to open a line. */
import type { SerialPort } from 'serialport';
import type { OpenPort, Port } from './seam.ts';
import { PortFault } from './seam.ts';

export type SerialLine = {
  /** /dev/ttyUSB0, or better a name that stays: /dev/serial/by-id/… */
  readonly path: string;
  readonly baudRate: number;
};

/** 8 data bits, no parity, 1 stop bit; locked, so that no second program reads half of the answers. */
export const serialPort =
  ({ path, baudRate }: SerialLine): OpenPort =>
  async ({ onBytes, onGone }) => {
    const { SerialPort } = await import('serialport');
    const port = new SerialPort({ path, baudRate, lock: true, autoOpen: false });
    await done(path, (over) => {
      port.open(over);
    });
    port.on('data', onBytes);
    // A close of ours carries no error; a line that goes carries one.
    port.on('close', (cause: Error | null) => {
      if (cause !== null) onGone();
    });
    // Told of by `close` or by the write that failed; without a listener it would end the process.
    port.on('error', () => undefined);
    return wrapped(port);
  };

const wrapped = (port: SerialPort): Port => ({
  write: (bytes) =>
    done(port.path, (over) => {
      port.write(Buffer.from(bytes), over);
    }),
  close: () =>
    port.isOpen
      ? done(port.path, (over) => {
          port.close(over);
        })
      : Promise.resolve(),
});

const done = (path: string, act: (over: (cause?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    act((cause) => {
      if (cause == null) resolve();
      else reject(new PortFault(`${path}: ${wordsOf(cause.message)}`));
    });
  });

/** serialport has no codes: the kernel's words stand in its message. */
function wordsOf(message: string): string {
  if (/cannot lock/i.test(message)) return 'another program has this serial line open';
  if (/no such file/i.test(message)) return 'there is no such serial line: plugged in?';
  if (/permission denied/i.test(message)) return 'no permission: the agent must be in the group dialout';
  if (/inappropriate ioctl|not a (tty|typewriter)/i.test(message)) return 'this is no serial line';
  return message;
}
