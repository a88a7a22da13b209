/**
 * Starts the Bluetooth scan apart from the agent: on an installed box as a user of its own, by systemd, for the
 * connection (systemd/loa-ble*); else as a child. Either way it ends when the agent lets go of it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** A scan says so often that it still scans. */
export const ALIVE_EVERY_MS = 5_000;

export type ScanEvents = {
  readonly onText: (text: string) => void;
  /** Once, in words. */
  readonly onEnd: (why: string) => void;
};
/** Begins a scan for these addresses and answers how to end it, which is safe at any time. */
export type StartScan = (addresses: readonly string[], events: ScanEvents) => () => void;

const here = import.meta.dirname;
/** In the bundle it lies beside the agent. */
const bundled = join(here, 'ble.mjs');
export const scanProgram = existsSync(bundled) ? bundled : join(here, 'noble-scan.ts');

/** After so long without an end the connection is given up: its other end does not even run. */
const END_WITHIN_MS = 5_000;

export const askForScan =
  (socketPath: string): StartScan =>
  (addresses, { onText, onEnd }) => {
    const socket = connect(socketPath);
    let why = 'the scan has ended';
    hear(socket, onText);
    socket.on('error', ({ message }) => (why = message));
    socket.once('close', () => {
      onEnd(why);
    });
    socket.write(`${addresses.join('\n')}\n\n`);
    return () => {
      socket.end();
      setTimeout(() => socket.destroy(), END_WITHIN_MS).unref();
    };
  };

export const spawnScan =
  (program: string): StartScan =>
  (addresses, { onText, onEnd }) => {
    // Its input is its life: it ends with it, also where this process is killed.
    const child = spawn(process.execPath, [program, ...addresses], { stdio: ['pipe', 'pipe', 'inherit'] });
    hear(child.stdout, onText);
    child.stdin.on('error', () => undefined);
    child.once('error', ({ message }) => {
      onEnd(message);
    });
    child.once('close', (code, signal) => {
      onEnd(`the scan has ended (${signal ?? `code ${code ?? 'unknown'}`})`);
    });
    return () => child.kill('SIGKILL');
  };

function hear(stream: Readable, onText: (text: string) => void): void {
  stream.setEncoding('latin1');
  stream.on('data', (text: string) => {
    onText(text);
  });
}
