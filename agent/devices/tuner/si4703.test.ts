import { FakeSi4703 } from '../../sim/fake-si4703.ts';
import { si4703 } from './si4703.ts';
import { receiverContract } from './receiver.contract.ts';

receiverContract({
  kind: si4703,
  fake: (air, pace) => new FakeSi4703(air, pace),
  impostor: () => ({
    addresses: [0x10],
    write: () => undefined,
    read: (_, sizeBytes) => Uint8Array.from({ length: sizeBytes }, () => 0xa5),
  }),
  hasRds: true,
  hasVolume: true,
  refusedKhz: 68_000,
});
