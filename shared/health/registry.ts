/** Every condition that a box can be in: declared once, read by the agent, `loa`, the cloud and its page alike. */
import { cabinetConditions } from './of-cabinet.ts';
import { deviceConditions } from './of-devices.ts';
import { documentConditions } from './of-documents.ts';
import { linkConditions } from './of-link.ts';
import { machineConditions } from './of-machine.ts';
import { radioConditions } from './of-radio.ts';
import { sensorConditions } from './of-sensors.ts';

export const conditions = {
  ...documentConditions,
  ...linkConditions,
  ...deviceConditions,
  ...cabinetConditions,
  ...sensorConditions,
  ...radioConditions,
  ...machineConditions,
};
