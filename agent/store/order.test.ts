import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { somewhere } from './a-box.fixture.ts';

const CALLS = 'trace=fsync,fdatasync,write,pwrite64,writev,pwritev,rename,renameat,renameat2';

/** Each call as `fsync copy`, names without the box's folder; what comes again at once is said once. */
function callsIn(trace: string, root: string): readonly string[] {
  const lines = trace.split('\n').flatMap((line) => {
    const said = /write\(1<[^>]*>, "([A-Z]+)\\n"/.exec(line)?.[1];
    if (said !== undefined) return [said];
    const [, call, rest = ''] = /^\d+ +(\w+)\((.*)/.exec(line) ?? [];
    if (call === undefined || !rest.includes(`${root}/`)) return [];
    const paths = [...rest.matchAll(/[<"](\/[^>"]+)[>"]/g)].map(([, path = '']) =>
      path.replace(`${root}/`, ''),
    );
    const names = paths
      .filter((path) => !path.startsWith('/'))
      .map((path) => path.replace(/[0-9a-f]{64}/, 'HASH'));
    return [
      `${call.replace(/^p?writev?(64)?$/, 'write').replace(/^renameat2?$/, 'rename')} ${names.join(' ')}`,
    ];
  });
  return lines.filter((line, n) => line !== lines[n - 1]);
}

it('D03 the log is on the disk before the copy, the copy before the act, and each rename before anybody relies on it', ({
  skip,
}) => {
  const places = somewhere();
  const trace = join(places.root, 'trace');
  const child = join(import.meta.dirname, 'order-child.fixture.ts');
  const traced = spawnSync('strace', [
    '-f',
    '-y',
    '-e',
    CALLS,
    '-o',
    trace,
    process.execPath,
    child,
    places.root,
  ]);
  const isWatched = traced.error === undefined && traced.status === 0;
  const calls = isWatched ? callsIn(readFileSync(trace, 'utf8'), places.root) : [];
  places.remove();
  if (!isWatched) skip('strace is not here, or may not watch');
  expect(calls.slice(calls.indexOf('COMMIT'), calls.indexOf('PLAY') + 1)).toEqual([
    'COMMIT',
    'write store/loa.db-wal',
    'fsync store/loa.db-wal',
    'write copy/floors.json.new',
    'fsync copy/floors.json.new',
    'rename copy/floors.json.new copy/floors.json',
    'fsync copy',
    'ACT',
    'write media/partial/HASH',
    'fsync media/partial/HASH',
    'rename media/partial/HASH media/HASH',
    'fsync media',
    'PLAY',
  ]);
});
