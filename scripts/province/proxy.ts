/** A box's own line to the cloud: a small TCP proxy that the demo can cut, mend, and tamper on. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Changes bytes on their way to the box; what it returns must be as long as what it got. */
export type Tamper = (bytes: Buffer) => Buffer;

export class Line {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #tamper: Tamper | null = null;

  /** Listens on a free loopback port and carries it to `target`; the port. */
  async carry(target: { readonly port: number }): Promise<number> {
    const server = createServer((near) => {
      this.#join(near, target.port);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** As if the cable were pulled: what stands falls, what comes is refused. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Null: honest again. */
  tamper(change: Tamper | null): void {
    this.#tamper = change;
  }

  async close(): Promise<void> {
    this.cut();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #join(near: Socket, port: number): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (bytes: Buffer) => near.write(this.#tamper === null ? bytes : this.#tamper(bytes)));
    far.on('end', () => near.end());
  }
}

/**
 * Somebody on the way makes every programme louder, and nothing else: good JSON in the one spelling, as long as before,
 * under signatures of other words. A box must refuse it and play on as if nothing had come.
 */
export const louder: Tamper = (bytes) =>
  Buffer.from(
    bytes.toString('latin1').replace(/(?<="payload":")[\w-]+/g, (payload) => {
      const text = Buffer.from(payload, 'base64url').toString('latin1');
      return Buffer.from(text.replaceAll('"volume":70', '"volume":90'), 'latin1').toString('base64url');
    }),
    'latin1',
  );
