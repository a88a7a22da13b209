/**
 * Makes what is installed on a box: dist/agent with one tree-shaken file for the agent and one for `loa`, its sounds,
 * its launcher, and the one native package. `npm run bundle`; then `dist/agent/loa-agent --config FILE`.
 */
import { chmod, cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

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

/** Packages of the CommonJS kind ask for Node's modules in their own way. */
const requireForPackages =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Everything that a box needs, in `folder`, which is made anew; sizes by file name. */
export async function bundle(folder: string): Promise<Readonly<Record<string, number>>> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: { agent: join(root, 'agent/main.ts'), loa: join(root, 'agent/cli/main.ts') },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node24', minify: true },
    ...{ outdir: folder, outExtension: { '.js': '.mjs' }, legalComments: 'none', logLevel: 'warning' },
    external: ['better-sqlite3'],
    plugins: [zodAsNamespace],
    banner: { js: requireForPackages },
    metafile: true,
  });
  await cp(join(root, 'agent/sounds'), join(folder, 'sounds'), { recursive: true });
  await cp(join(root, 'agent/loa-agent'), join(folder, 'loa-agent'));
  for (const program of ['loa-agent', 'loa.mjs']) await chmod(join(folder, program), 0o755);
  await copySqlite(folder);
  const sizes = Object.entries(metafile.outputs).map(([path, { bytes }]) => [path.split('/').at(-1), bytes]);
  return Object.fromEntries(sizes) as Record<string, number>;
}

/** One folder serves both kinds of box. */
const NEEDED = ['package.json', 'LICENSE', 'lib', 'prebuilds/linux-x64.node', 'prebuilds/linux-arm64.node'];

async function copySqlite(folder: string): Promise<void> {
  for (const each of NEEDED) {
    const [from, to] = [root, folder].map((base) => join(base, 'node_modules/better-sqlite3', each));
    if (from !== undefined && to !== undefined) await cp(from, to, { recursive: true });
  }
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
