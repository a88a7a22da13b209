import { FakeTea5767 } from '../../sim/fake-tea5767.ts';
import { tea5767 } from './tea5767.ts';
import { receiverContract } from './receiver.contract.ts';

receiverContract({
  kind: tea5767,
  fake: (air, pace) => new FakeTea5767(air, pace),
  impostors: [[0xa5], [0xff, 1, 2, 3, 0], [0xff, 1, 2, 0x30, 5]],
  hasRds: false,
  hasVolume: false,
  refusedKhz: 68_000,
});
