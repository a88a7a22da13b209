import { FakeTea5767 } from '../../sim/fake-tea5767.ts';
import { tea5767 } from './tea5767.ts';
import { receiverContract } from './receiver.contract.ts';

receiverContract({
  kind: tea5767,
  fake: (air, pace) => new FakeTea5767(air, pace),
  impostor: () => ({
    addresses: [0x60],
    write: () => undefined,
    read: (_, sizeBytes) => Uint8Array.from({ length: sizeBytes }, () => 0xa5),
  }),
  hasRds: false,
  hasVolume: false,
  refusedKhz: 68_000,
});
