/** Starts the cloud from its configuration and stops it on request; `loa-cloud serve` and the service unit come through here. */
import { openCloud } from './app.ts';
import { readConfig } from './config.ts';

/** Runs until SIGINT or SIGTERM. Returns the exit code: 0 after an orderly stop, 1 where it could not start. */
export async function serve(configFile: string): Promise<number> {
  const read = readConfig(configFile, process.env);
  if (!read.ok) return failed(read.faults);
  const { config } = read;
  try {
    const cloud = await openCloud(config, () => Date.now());
    const { http, mqtt, headKid } = cloud;
    console.log(
      `Loa cloud ${config.prov}: http://${http.address}:${http.port} · mqtt://${mqtt.address}:${mqtt.port}`,
    );
    console.log(`Khóa head / head key: ${headKid}`);
    await stopAsked();
    await cloud.close();
    return 0;
  } catch (cause) {
    return failed([cause instanceof Error ? cause.message : String(cause)]);
  }
}

function failed(lines: readonly string[]): number {
  console.error('Không khởi động được / could not start:');
  for (const line of lines) console.error(`  ${line}`);
  return 1;
}

const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });

if (import.meta.main) process.exitCode = await serve(process.argv[2] ?? 'loa-cloud.json');
