/**
 * The MQTT broker in the process: nudges and orders down, status up. The only file that knows aedes.
 * It authorises nothing that sounds: boxes verify what they are handed, whoever handed it.
 *
 * Who a box is: until certificates are issued, its client id must be the name of a box that the registrar has
 * admitted, and the port listens on loopback, where the province's TLS terminator speaks to it.
 */
import { Aedes } from 'aedes';
import type { Client } from 'aedes';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { MAX_MQTT_PAYLOAD_BYTES, statusTopic } from '../shared/wire/topics.ts';
import type { Address } from './config.ts';

export type Broker = {
  readonly address: AddressInfo;
  /** QoS 1. A retained message replaces the one before on its topic. */
  publish(topic: string, payload: string, retain: boolean): Promise<void>;
  /** Ends the connection of a box, if it has one. */
  disconnect(dev: string): void;
  close(): Promise<void>;
};

/** What the broker asks and tells. */
export type BrokerEars = {
  mayConnect(dev: string): boolean;
  onMessage(dev: string, topic: string, payload: Buffer): void;
  onLink(dev: string, online: boolean): void;
};

const BAD_USER = 5;

export async function openBroker(prov: string, listen: Address, ears: BrokerEars): Promise<Broker> {
  const aedes = await Aedes.createBroker({ drainTimeout: 30_000 });
  const connected = new Map<string, Client>();
  aedes.authenticate = (client, _user, _password, answer) => {
    if (ears.mayConnect(client.id)) answer(null, true);
    else answer(Object.assign(new Error('no such box'), { returnCode: BAD_USER }), false);
  };
  aedes.authorizePublish = (client, { topic, payload, retain }, answer) => {
    // Its status alone stays here: a stolen box could fill this memory with one retained message a topic.
    const mayStay = client !== null && (!retain || topic === statusTopic(prov, client.id));
    const allowed = mayStay && mayWrite(prov, client.id, topic) && isShort(payload);
    answer(allowed ? null : new Error(`${client?.id ?? '-'} may not write to ${topic}`));
  };
  aedes.authorizeSubscribe = (client, subscription, answer) => {
    // Null is MQTT's own refusal (0x80): the other topics of the same request stay granted.
    answer(null, mayRead(prov, client.id, subscription.topic) ? subscription : null);
  };
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client !== null) ears.onMessage(client.id, topic, Buffer.from(payload));
  });
  aedes.on('clientReady', (client) => {
    connected.set(client.id, client);
    ears.onLink(client.id, true);
  });
  aedes.on('clientDisconnect', (client) => {
    // A box that came back on a new connection is not gone because its old one ends.
    if (connected.get(client.id) !== client) return;
    connected.delete(client.id);
    ears.onLink(client.id, false);
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  const address = await listening(server, listen);
  return {
    address,
    publish: (topic, payload, retain) => send(aedes, topic, payload, retain),
    disconnect: (dev) => connected.get(dev)?.close(),
    close: () => closed(aedes, server, sockets),
  };
}

const below = (prov: string, folder: string): string => `loa/v1/${prov}/${folder}/`;
const hasWildcard = (topic: string): boolean => /[+#]/.test(topic);

/** protocol §9, ACL: a box writes below its own `up/` and nowhere else. */
export const mayWrite = (prov: string, dev: string, topic: string): boolean =>
  !hasWildcard(topic) && topic.startsWith(below(prov, `box/${dev}/up`));

/** protocol §9, ACL: its own `down/`, nudges, orders and live, by exact topic. */
export const mayRead = (prov: string, dev: string, topic: string): boolean =>
  !hasWildcard(topic) &&
  [`box/${dev}/down`, 'nudge', 'order', 'live'].some((folder) => topic.startsWith(below(prov, folder)));

const isShort = (payload: string | Buffer): boolean => Buffer.byteLength(payload) <= MAX_MQTT_PAYLOAD_BYTES;

const send = (aedes: Aedes, topic: string, payload: string, retain: boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    aedes.publish({ cmd: 'publish', topic, payload, retain, qos: 1, dup: false }, (error) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });

const listening = (server: Server, { host, port }: Address): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the broker has no TCP port'));
      else resolve(address);
    });
  });

const closed = (aedes: Aedes, server: Server, sockets: ReadonlySet<Socket>): Promise<void> =>
  new Promise((resolve) => {
    aedes.close(() => {
      server.close(() => {
        resolve();
      });
      // Those that never said CONNECT are no clients of aedes, and would hold the server open.
      for (const socket of sockets) socket.destroy();
    });
  });
