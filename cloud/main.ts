/** Starts the cloud from its configuration and stops it on request; `loa-cloud serve` and the service unit come through here. */
import { openCloud } from './app.ts';
import { say, text } from '../shared/messages/text.ts';
import type { Text } from '../shared/messages/text.ts';
import { readConfig } from './config.ts';
import { StartFault } from '../shared/messages/start-fault.ts';

/** Runs until SIGINT or SIGTERM. Returns the exit code: 0 after an orderly stop, 1 where it could not start. */
export async function serve(configFile: string): Promise<number> {
  const read = readConfig(configFile, process.env);
  if (!read.ok) return failed(read.faults);
  const { config } = read;
  const stopped = stopAsked();
  try {
    const cloud = await openCloud(config, () => Date.now());
    const { http, mqtt, headKid } = cloud;
    console.log(
      `Loa cloud ${config.prov}: http://${http.address}:${http.port} · mqtt://${mqtt.address}:${mqtt.port}`,
    );
    console.log(`Khóa head / head key: ${headKid}`);
    await stopped;
    await cloud.close();
    return 0;
  } catch (cause) {
    return failed([whyOf(cause)]);
  }
}

function whyOf(cause: unknown): Text {
  if (cause instanceof StartFault) return cause.text;
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
    return text(
      say`Cổng đang bận: ${cause.message}. Dừng chương trình kia hoặc đổi http.port, mqtt.port.`,
      say`A port is taken: ${cause.message}. Stop the other program or change http.port, mqtt.port.`,
    );
  }
  return text(say`Lỗi: ${String(cause)}`, say`Fault: ${String(cause)}`);
}

function failed(whys: readonly Text[]): number {
  console.error('Không khởi động được · could not start:');
  for (const { vi, en } of whys) console.error(`  ${vi}\n  ${en}`);
  return 1;
}

/** Asked a second time, the system ends the process at once. */
const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });

if (import.meta.main) process.exitCode = await serve(process.argv[2] ?? 'loa-cloud.json');
