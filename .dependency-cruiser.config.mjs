// The import table of ARCHITECTURE.md as gates. A test may import more than its neighbour; a cycle never.
const tests = '\\.(test|contract|fixture)\\.tsx?$';
const seams = '^agent/devices/[a-z-]+/seam\\.ts$';

/** Code below `from` may import of ours only what matches `may`; npm packages only those in `packages`. */
const layer = (name, from, may, packages, why) => [
  {
    name,
    severity: 'error',
    comment: why,
    from: { path: from, pathNot: tests },
    to: { path: '^(shared|agent|cloud|sign|scripts)/', pathNot: [from, '/node_modules/', ...may] },
  },
  {
    name: `${name}-packages`,
    severity: 'error',
    comment: why,
    from: { path: from, pathNot: tests },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      pathNot: packages.map((p) => `node_modules/${p}/`),
    },
  },
];

/** A package that touches the world has one importing file. */
const only = (pkg, file) => ({
  name: `one-importer-of-${pkg.replace(/[^a-z0-9]/g, '-')}`,
  severity: 'error',
  comment: `${pkg} touches the world: everything else speaks to the seam in front of it.`,
  // The demo plays the attacker on the way, so scripts may speak for themselves.
  from: { pathNot: [file, tests, '^scripts/'] },
  to: { path: `node_modules/${pkg}/` },
});

const pure = (name, from) => ({
  name,
  severity: 'error',
  comment: 'Pure: no clock, no file, no socket. Bytes, state and time come in as arguments.',
  from: { path: from, pathNot: [tests, 'vectors/run\\.ts$', '-cli\\.ts$'] },
  to: { dependencyTypes: ['core'] },
});

const storeType = '^agent/store/store\\.ts$';
const everySeam = [seams, '^agent/clock/seam\\.ts$'];

export default {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'A cycle has no first file to read.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan-package',
      severity: 'error',
      comment: 'Not in any package.json.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'unresolvable',
      severity: 'error',
      comment: 'Does not exist.',
      from: {},
      to: { couldNotResolve: true },
    },
    pure('pure-shared', '^shared/'),
    pure('pure-plan', '^agent/plan/'),
    ...layer(
      'protocol-alone',
      '^shared/protocol/',
      [],
      ['zod', 'jose', 'canonicalize'],
      'The verifier depends on nothing that could lie to it.',
    ),
    ...layer(
      'schedule',
      '^shared/schedule/',
      ['^shared/protocol/'],
      ['zod'],
      'The same resolve runs on box, cloud and signer.',
    ),
    ...layer(
      'shared-others',
      '^shared/(records|health|wire|messages)/',
      ['^shared/'],
      ['zod', 'canonicalize'],
      'Words and shapes only.',
    ),
    ...layer(
      'verify',
      '^agent/verify/',
      ['^shared/', storeType],
      [],
      'admit must not know who carried the bytes.',
    ),
    ...layer('clock', '^agent/clock/', ['^shared/', storeType], [], 'Time is a claim to be checked.'),
    ...layer('plan', '^agent/plan/', ['^shared/', ...everySeam], [], 'Deciding is apart from doing.'),
    ...layer('store', '^agent/store/', ['^shared/'], ['better-sqlite3'], 'Keeps; does not act.'),
    ...layer(
      'sync',
      '^agent/sync/',
      ['^shared/', storeType],
      ['mqtt', 'zod'],
      'Moves bytes; is trusted with nothing.',
    ),
    ...layer(
      'devices',
      '^agent/devices/',
      ['^shared/', '^agent/sim/'],
      ['node-mpv', 'onoff', 'i2c-bus', 'serialport', '@abandonware/noble', 'zod'],
      'A driver knows its device and nothing else.',
    ),
    ...layer(
      'health',
      '^agent/health/',
      ['^shared/', storeType, ...everySeam],
      [],
      'Detectors look; they do not touch.',
    ),
    ...layer(
      'local',
      '^agent/local/',
      ['^shared/', storeType, ...everySeam],
      ['zod'],
      'The local socket answers; it does not decide.',
    ),
    ...layer('sim', '^agent/sim/', ['^shared/', ...everySeam], [], 'Stands where hardware would.'),
    ...layer(
      'cli',
      '^agent/cli/',
      ['^shared/', storeType, '^agent/local/'],
      ['commander', '@commander-js/extra-typings', 'zod'],
      'A client of the local socket.',
    ),
    ...layer(
      'agent',
      '^agent/[^/]+\\.ts$',
      ['^agent/', '^shared/'],
      ['zod'],
      'The agent never needs the cloud or the signer.',
    ),
    ...layer('cloud', '^cloud/', ['^shared/'], ['.*'], 'The cloud can never be an agent or a signer.'),
    ...layer(
      'sign',
      '^sign/',
      ['^shared/'],
      ['.*'],
      'loa-sign is a program of its own, so that no server can be it.',
    ),
    {
      name: 'scripts-are-not-imported',
      severity: 'error',
      comment: 'Scripts see all sides; no side sees them.',
      from: { path: '^(shared|agent|cloud|sign)/' },
      to: { path: '^scripts/' },
    },
    only('better-sqlite3', '^(agent/store/sqlite\\.ts|cloud/database\\.ts)$'),
    only('mqtt', '^agent/sync/mqtt\\.ts$'),
    only('aedes', '^cloud/broker\\.ts$'),
    only('node-mpv', '^agent/devices/mpv/mpv-wire\\.ts$'),
    only('onoff', '^agent/devices/gpio/sysfs-line\\.ts$'),
    only('i2c-bus', '^agent/devices/bus/i2c-bus\\.ts$'),
    only('serialport', '^agent/devices/serial/serial-port\\.ts$'),
    only('@abandonware/noble', '^agent/devices/sensors/noble-scan\\.ts$'),
    {
      name: 'devices-apart',
      severity: 'error',
      comment:
        'A driver knows its own device. Sound and screen share the mpv process, relays and inputs the GPIO lines, chips the bus.',
      from: { path: '^agent/devices/([a-z-]+)/', pathNot: tests },
      to: {
        path: '^agent/devices/',
        pathNot: ['^agent/devices/$1/', '^agent/devices/(mpv|gpio|bus|serial)/', seams],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.tools|\\.demo)/' },
    tsPreCompilationDeps: true,
    // Tools of the tests (vitest, fast-check) are in the root's package.json, the rest in the workspace's own.
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
