/** What nobody uses is deleted: unused files, exports and dependencies fail the gate `unused`. */
import type { KnipConfig } from 'knip';

export default {
  // An export that its own file uses is a name for readers and tests; one that nobody uses is dead.
  ignoreExportsUsedInFile: true,
  // kid, digest and sha256 are one shape and three words.
  exclude: ['duplicates'],
  // Debian's: installed by scripts/setup, or wanted by single tests that say so.
  ignoreBinaries: [
    ...['mpv', 'pulseaudio', 'parec', 'paplay', 'Xvfb', 'strace', 'mount', 'umount', 'mkfifo'],
    ...['modprobe', 'rmmod', 'hciconfig', 'hwclock'],
  ],
  workspaces: {
    '.': {
      entry: ['scripts/*.ts', 'scripts/*/main.ts', 'scripts/gates/*.ts', '.dependency-cruiser.config.mjs'],
      project: ['scripts/**/*.ts', '*.config.ts'],
    },
    shared: {
      // What package.json starts through scripts/node.
      entry: ['protocol/vectors/run.ts', 'schedule/resolve-cli.ts', '**/*.test.ts'],
      project: ['**/*.ts'],
    },
    agent: {
      // The Bluetooth scan is a program of its own, and so are fixtures that a test starts as a process.
      entry: [
        ...['main.ts', 'cli/main.ts', 'devices/sensors/noble-scan.ts'],
        ...['**/*.test.ts', '**/*-child.fixture.ts'],
      ],
      project: ['**/*.ts'],
    },
    cloud: {
      entry: ['main.ts', 'cli/main.ts', 'console/main.tsx', 'console/vite.config.ts', '**/*.test.{ts,tsx}'],
      project: ['**/*.{ts,tsx}'],
    },
    sign: { entry: ['main.ts', '**/*.test.ts'], project: ['**/*.ts'] },
  },
} satisfies KnipConfig;
