/** The way to the cloud and to the broker, step by step: name, connection, certificate; each for a bounded time, no request is sent. */
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import { within } from './bounded.ts';

export type Reached =
  | { readonly at: 'there'; readonly certificateEndsAtMs: number | null }
  | { readonly at: 'name' | 'connection' | 'certificate'; readonly detail: string };

const STEP_MS = 1500;
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'mqtt:': 1883, 'mqtts:': 8883 };

export async function reach(address: string): Promise<Reached> {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const number = port === '' ? (PORTS[protocol] ?? 443) : Number(port);
  const found = await within(STEP_MS, lookup(host));
  if (found === null) return { at: 'name', detail: host };
  const where = `${host}:${number}`;
  const isOpen = await within(STEP_MS, connected(found.address, number));
  if (isOpen === null) return { at: 'connection', detail: where };
  if (protocol !== 'https:' && protocol !== 'mqtts:') return { at: 'there', certificateEndsAtMs: null };
  return (await within(STEP_MS, greeted(found.address, number, host))) ?? { at: 'connection', detail: where };
}

function connected(host: string, port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: STEP_MS }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('timeout', () => socket.destroy(new Error('timeout')));
    socket.on('error', reject);
  });
}

function greeted(address: string, port: number, host: string): Promise<Reached> {
  return new Promise((resolve) => {
    // An address has no name to ask for.
    const servername = net.isIP(host) === 0 ? host : '';
    const socket = tls.connect({ host: address, port, timeout: STEP_MS, servername }, () => {
      const endsAtMs = Date.parse(socket.getPeerCertificate().valid_to);
      socket.destroy();
      resolve({ at: 'there', certificateEndsAtMs: Number.isNaN(endsAtMs) ? null : endsAtMs });
    });
    socket.on('timeout', () => socket.destroy(new Error('timeout')));
    socket.on('error', ({ message }: Error) => {
      resolve({ at: 'certificate', detail: message });
    });
  });
}
