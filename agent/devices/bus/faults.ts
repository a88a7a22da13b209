/** From the kernel's error numbers to words: what a technician finds in the report of a driver on I2C. */
import { BusFault } from './seam.ts';

/**
 * Linux errno as i2c-dev gives them (Documentation/i2c/fault-codes.rst): which adapter answers which varies, so
 * several mean the same. 121 is what a Raspberry Pi says when nobody acknowledges.
 */
const words: Readonly<Record<number, string>> = {
  2: 'there is no such I2C bus: is it switched on (dtparam=i2c_arm=on)?',
  5: 'the I2C bus reports an error: wires, pull-ups or a short',
  6: 'nothing answers at this address: chip, cable or power',
  11: 'the I2C bus was lost to another master or a short',
  13: 'the agent may not open the I2C bus: is it in the group i2c?',
  16: 'a driver of the kernel holds this address',
  19: 'the I2C adapter is gone',
  95: 'this adapter cannot do plain I2C',
  110: 'the I2C bus is stuck: a line is held low',
  121: 'nothing answers at this address: chip, cable or power',
};

/** i2c-bus leaves `code` empty for some numbers: only `errno` is sure. It is negative in some calls. */
export function busFaultOf(cause: unknown): BusFault {
  if (cause instanceof BusFault) return cause;
  const errno = cause instanceof Error && 'errno' in cause ? Math.abs(Number(cause.errno)) : NaN;
  const known = words[errno];
  if (known !== undefined) return new BusFault(known, errno);
  const said = cause instanceof Error ? cause.message : String(cause);
  return new BusFault(`the I2C bus fails: ${said}`, Number.isNaN(errno) ? null : errno);
}
