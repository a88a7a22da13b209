/** The kernel's I2C buses through the package i2c-bus: the only file that knows it, and it loads it only when a bus is opened. */
import { bounded } from './bounded.ts';
import { busFaultOf } from './faults.ts';
import { machinePace } from './pace.ts';
import { patient } from './patient.ts';
import type { Bus } from './seam.ts';

/** The kernel gives a stuck bus up after a second (adapter timeout); longer than that nobody waits. */
const limitMs = 3_000;

/** /dev/i2c-N. Rejects with a `BusFault`; an absent bus is noticed here. Asynchronous calls only: a stuck bus blocks. */
export async function openI2cBus(busNumber: number): Promise<Bus> {
  const opened = await told(async () => {
    const { openPromisified } = await import('i2c-bus');
    return openPromisified(busNumber);
  });
  const bus: Bus = {
    write: (address, bytes) =>
      told(async () => {
        await opened.i2cWrite(address, bytes.length, Buffer.from(bytes));
      }),
    read: (address, sizeBytes) =>
      told(async () => (await opened.i2cRead(address, sizeBytes, Buffer.alloc(sizeBytes))).buffer),
    readAt: (address, register, sizeBytes) =>
      told(
        async () => (await opened.readI2cBlock(address, register, sizeBytes, Buffer.alloc(sizeBytes))).buffer,
      ),
    close: async () => {
      // Nothing more can be done with a descriptor that does not close.
      await opened.close().catch(busFaultOf);
    },
  };
  return bounded(patient(bus, machinePace), machinePace, limitMs);
}

async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw busFaultOf(cause);
  }
}
