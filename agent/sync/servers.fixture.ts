/** Real servers on loopback for tests: one behaviour each. */
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

export type TestServer = {
  readonly url: string;
  readonly port: number;
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
};

/** A server of bytes: what it does with a connection is the test's. */
export async function rawServer(onConnection: (socket: net.Socket) => void): Promise<TestServer> {
  return await listening(
    net.createServer((socket) => {
      socket.on('error', () => socket.destroy());
      onConnection(socket);
    }),
  );
}

export async function httpServer(onRequest: http.RequestListener): Promise<TestServer> {
  return await listening(http.createServer(onRequest));
}

export async function listening(server: net.Server, scheme = 'http'): Promise<TestServer> {
  const sockets = new Set<net.Socket>();
  let accepted = 0;
  server.on('connection', (socket: net.Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    connections: () => accepted,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await rawServer((socket) => socket.destroy());
  await server.close();
  return server.port;
}
