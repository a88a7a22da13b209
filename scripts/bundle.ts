/**
 * Makes what is installed on a box: dist/agent with one tree-shaken file for the agent, for `loa` and for
 * the Bluetooth scan, its sounds,
 * its launcher, and the native packages. `npm run bundle`; then `dist/agent/loa-agent --config FILE`.
 */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

/** `z` as an object would carry all of zod, fifty languages among it; as a namespace it carries what is used. */
const zodAsNamespace: Plugin = {
  name: 'zod-as-namespace',
  setup(making) {
    making.onLoad({ filter: /\/(agent|shared)\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        loader: 'ts',
        contents: source.replace("import { z } from 'zod';", "import * as z from 'zod';"),
      };
    });
  },
};

/**
 * With parts in machine code. Those of the hardware packages were compiled for this machine, so that a bundle is made
 * on the architecture of its boxes.
 */
const NATIVE = [
  ...(['better-sqlite3', 'i2c-bus', 'onoff', 'serialport'] as const),
  ...(['@abandonware/noble', '@abandonware/bluetooth-hci-socket'] as const),
] as const;

/** Packages of the CommonJS kind ask for Node's modules in their own way. */
const requireForPackages =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Everything that a box needs, in `folder`, which is made anew; sizes by file name. */
export async function bundle(folder: string): Promise<Readonly<Record<string, number>>> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: {
      agent: join(root, 'agent/main.ts'),
      loa: join(root, 'agent/cli/main.ts'),
      ble: join(root, 'agent/devices/sensors/noble-scan.ts'),
    },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node24', minify: true },
    ...{ outdir: folder, outExtension: { '.js': '.mjs' }, legalComments: 'none', logLevel: 'warning' },
    external: [...NATIVE],
    plugins: [zodAsNamespace],
    banner: { js: requireForPackages },
    metafile: true,
  });
  await cp(join(root, 'agent/sounds'), join(folder, 'sounds'), { recursive: true });
  await cp(join(root, 'agent/loa-agent'), join(folder, 'loa-agent'));
  for (const program of ['loa-agent', 'loa.mjs']) await chmod(join(folder, program), 0o755);
  for (const name of await withDependencies(NATIVE)) await copyPackage(name, folder);
  const sizes = Object.entries(metafile.outputs).map(([path, { bytes }]) => [path.split('/').at(-1), bytes]);
  return Object.fromEntries(sizes) as Record<string, number>;
}

/** All that these packages need at run time, themselves included; one that is optional may be missing here. */
async function withDependencies(names: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const ask = [...names];
  for (let name = ask.pop(); name !== undefined; name = ask.pop()) {
    const folder = join(root, 'node_modules', name);
    if (found.has(name) || HEADERS.has(name) || !existsSync(folder)) continue;
    found.add(name);
    const { dependencies = {} } = packageJson.parse(
      JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')),
    );
    ask.push(...Object.keys(dependencies));
  }
  return found;
}

/** Wanted only while machine code is compiled. */
const HEADERS: ReadonlySet<string> = new Set([
  ...(['nan', 'node-addon-api', 'node-gyp', '@mapbox/node-pre-gyp'] as const),
]);

const packageJson = z.object({ dependencies: z.record(z.string(), z.string()).optional() });

/** Of a package with a native part: not what it was compiled from, nor what is for other systems than a box. */
const UNWANTED =
  /^(src|deps|test|binding\.gyp|build\/(?!Release$|Release\/[^/]+\.node$)|prebuilds\/(?!linux-(x64|arm64)))/;

async function copyPackage(name: string, folder: string): Promise<void> {
  const from = join(root, 'node_modules', name);
  const isNative = existsSync(join(from, 'binding.gyp'));
  const filter = (path: string): boolean => !isNative || !UNWANTED.test(relative(from, path));
  await cp(from, join(folder, 'node_modules', name), { recursive: true, filter });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { folder: { type: 'string', default: join(root, 'dist/agent') } },
  });
  const sizes = await bundle(values.folder);
  for (const [name, bytes] of Object.entries(sizes))
    console.log(`${name.padEnd(12)}${Math.round(bytes / 1024)} KB`);
  console.log(values.folder);
}
