/**
 * The Bluetooth scan, a program of its own: noble-scan ADDRESS… passes on, as lines of JSON, what these addresses
 * advertise under BTHome's UUID. It has neither keys nor configuration, and ends with its input, or by itself where
 * something is wrong (the agent begins another).
 */
import { Console } from 'node:console';
import type { EventEmitter } from 'node:events';
import type * as noblePackage from '@abandonware/noble';
import { serviceDataIn } from './advert.ts';
import type { ScanLine } from './scan-line.ts';
import { ALIVE_EVERY_MS } from './scan-process.ts';

type Noble = typeof noblePackage;
/** Of noble's own, not in its types: @abandonware/noble 1.9.2-26, lib/hci-socket/hci.js. */
type Hci = EventEmitter & { setScanParameters: () => void; readonly _socket: { write(bytes: Buffer): void } };
const hciOf = (noble: Noble): Hci => (noble._bindings as { readonly _hci: Hci })._hci;

const UUID = 0xfcd2;
const POWERED_WITHIN_MS = 15_000;
const ANSWER_WITHIN_MS = 10_000;
/** A controller that was reset behind noble's back scans no more and says nothing: after such a silence it is told again. */
const SILENCE_MS = 60_000;
/** Said so seldom while nothing is new, and at most so often. */
const SAME_EVERY_MS = 5_000;
const NEW_EVERY_MS = 50;

function say(line: ScanLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function end(fault: string): never {
  say({ fault: fault.slice(0, 300) });
  process.exit(1);
}

/**
 * noble asks every sensor back for its scan response, and listens all the time. We only listen (type 0), 30 ms in each
 * 100: on a Raspberry Pi Wi-Fi shares the antenna. Command LE Set Scan Parameters, Bluetooth Core 5.4 Vol 4 E 7.8.10.
 */
function listenOnly(noble: Noble): void {
  const hci = hciOf(noble);
  const command = Buffer.of(0x01, 0x0b, 0x20, 7, 0x00, 0xa0, 0, 0x30, 0, 0x00, 0x00);
  hci.setScanParameters = () => {
    hci._socket.write(command);
  };
}

type Report = readonly [
  status: number,
  type: number,
  address: string,
  kind: string,
  bytes: Buffer,
  rssi: number,
];

/**
 * noble keeps every address that it ever heard, and prints a line for each advertisement that it cannot read: a
 * stranger could fill memory and journal. So what the controller reports comes here, and to nobody else.
 */
function hearReports(noble: Noble, passing: Passing): void {
  const hci = hciOf(noble).removeAllListeners('leAdvertisingReport');
  hci.on('leAdvertisingReport', (...[, , address, , bytes, rssi]: Report) => {
    passing.hear(address, bytes, rssi);
  });
}

class Passing {
  readonly #wanted: ReadonlySet<string>;
  readonly #said = new Map<string, { readonly data: string; readonly upMs: number }>();
  heardUpMs = performance.now();

  constructor(addresses: readonly string[]) {
    this.#wanted = new Set(addresses);
  }

  hear(address: string, bytes: Uint8Array, rssi: number): void {
    const nowUpMs = performance.now();
    this.heardUpMs = nowUpMs;
    if (!this.#wanted.has(address)) return;
    const data = Buffer.from(serviceDataIn(bytes, UUID) ?? []).toString('hex');
    const before = this.#said.get(address);
    const waitMs = before?.data === data ? SAME_EVERY_MS : NEW_EVERY_MS;
    if (data === '' || (before !== undefined && nowUpMs - before.upMs < waitMs)) return;
    this.#said.set(address, { data, upMs: nowUpMs });
    say({ address, rssiDbm: Math.max(-128, Math.min(127, rssi)), data });
  }
}

/** Begins to scan, or tells a scan again; ends all where the controller does not answer. */
async function beginScan(noble: Noble): Promise<void> {
  const late = setTimeout(() => end('the Bluetooth controller does not answer'), ANSWER_WITHIN_MS);
  await noble.startScanningAsync([], true);
  clearTimeout(late);
}

async function scan(addresses: readonly string[]): Promise<void> {
  const { default: noble } = (await import('@abandonware/noble')) as unknown as { readonly default: Noble };
  listenOnly(noble);
  const passing = new Passing(addresses);
  hearReports(noble, passing);
  const unpowered = setTimeout(() => end('the Bluetooth adapter is switched off'), POWERED_WITHIN_MS);
  noble.on('warning', (words: string) => end(words));
  noble.on('stateChange', (state) => {
    if (state !== 'poweredOn') end(`the Bluetooth adapter is ${state}`);
    clearTimeout(unpowered);
    void beginScan(noble).then(() => {
      goOn(noble, passing);
    });
  });
}

function goOn(noble: Noble, passing: Passing): void {
  say({ scan: 'on' });
  let askedUpMs = performance.now();
  setInterval(() => {
    say({ scan: 'on' });
    const nowUpMs = performance.now();
    if (nowUpMs - Math.max(passing.heardUpMs, askedUpMs) < SILENCE_MS) return;
    askedUpMs = nowUpMs;
    void beginScan(noble);
  }, ALIVE_EVERY_MS);
}

// What noble prints is for people; the line is for the agent.
globalThis.console = new Console(process.stderr, process.stderr);
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (cause: unknown) => end(cause instanceof Error ? cause.message : String(cause)));
process.stdout.on('error', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
await scan(process.argv.slice(2));
