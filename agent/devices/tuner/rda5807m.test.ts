import { FakeRda5807m } from '../../sim/fake-rda5807m.ts';
import { rda5807m } from './rda5807m.ts';
import { receiverContract } from './receiver.contract.ts';

receiverContract({
  kind: rda5807m,
  fake: (air, pace) => new FakeRda5807m(air, pace),
  impostor: () => ({
    addresses: [0x11],
    write: () => undefined,
    read: (_, sizeBytes) => Uint8Array.from({ length: sizeBytes }, () => 0xa5),
  }),
  hasRds: true,
  hasVolume: true,
  refusedKhz: 54_010,
});
