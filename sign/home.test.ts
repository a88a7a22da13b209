import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Opened } from '../shared/protocol/envelope.ts';
import type { BoxState } from '../shared/protocol/state.ts';
import { nextTrust } from './ceremony.ts';
import { keepPlaces, openHome, pin, pinFirstTrust } from './home.ts';
import type { Home } from './home.ts';
import { clockAt, DAY_S, item, keyringOf, newCast, NOW, planOf, signed, trustOf } from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';
import { valueOf } from './text.ts';
import type { Outcome } from './text.ts';

let cast: Cast;
let home: Home;
beforeAll(async () => {
  cast = await newCast();
});
beforeEach(async () => {
  home = valueOf(await openHome(join(await mkdtemp(join(tmpdir(), 'loa-sign-')), 'home')));
});

const stateOf = ({ state }: Home): BoxState => {
  if (state === null) throw new Error('nothing is pinned');
  return state;
};
const add = async (to: Home, opened: Opened): Promise<Outcome<Home>> =>
  pin(to, stateOf(to), opened, clockAt(NOW));
const withTrust = async (): Promise<Home> =>
  valueOf(await pinFirstTrust(home, await signed<'trust'>(trustOf(cast), [cast.an, cast.chi])));
const keyring = (area?: string) => signed<'keyring'>(keyringOf(cast, area), [cast.an, cast.binh]);

test('keyrings and plans of many places are pinned under one trust, and are there after a restart', async () => {
  let pinned = await withTrust();
  for (const area of ['56', '56.1', '56.2']) pinned = valueOf(await add(pinned, await keyring(area)));
  const plan = planOf([item()], { id: 'plan:56.2', area: '56.2' });
  pinned = valueOf(await add(pinned, await signed<'plan'>(plan, [cast.an, cast.dung])));
  const again = valueOf(await openHome(home.folder));
  expect(again).toEqual(pinned);
  expect([...stateOf(again).docs.keys()].sort()).toEqual([
    'keyring:56',
    'keyring:56.1',
    'keyring:56.2',
    'plan:56.2',
  ]);
});

test('a first trust that its own root people have not signed is refused', async () => {
  const alone = await signed<'trust'>(trustOf(cast), [cast.an, cast.dung]);
  expect(await pinFirstTrust(home, alone)).toMatchObject({ ok: false });
  expect(valueOf(await openHome(home.folder)).state).toBeNull();
});

test('what too few people signed is refused, and what is pinned stays', async () => {
  const pinned = await withTrust();
  const alone = await signed<'keyring'>(keyringOf(cast), [cast.an]);
  expect(await add(pinned, alone)).toMatchObject({ ok: false });
  expect(valueOf(await openHome(home.folder))).toEqual(pinned);
});

test('an older version and a second truth are refused', async () => {
  const before = { ...keyringOf(cast), ver: 2 };
  const pinned = valueOf(await add(await withTrust(), await signed<'keyring'>(before, [cast.an, cast.binh])));
  expect(await add(pinned, await keyring())).toMatchObject({ ok: false });
  const other = await signed<'keyring'>({ ...before, exp: before.exp - 1 }, [cast.an, cast.binh]);
  expect(await add(pinned, other)).toMatchObject({
    ok: false,
    why: { en: expect.stringContaining('ALARM') as string },
  });
});

test('T05 the trust that drops a registrar drops what that registrar signed, on the disk too', async () => {
  let pinned = valueOf(await add(await withTrust(), await keyring()));
  pinned = valueOf(await add(pinned, await signed<'plan'>(planOf([item()]), [cast.an, cast.dung])));
  const changes = {
    addKeys: [],
    dropPeople: [],
    dropKeys: [],
    grants: [],
    raiseEpoch: ['registrar' as const],
    floorReset: null,
  };
  const next = valueOf(nextTrust(trustOf(cast), changes, { iat: NOW, lifeS: DAY_S }));
  pinned = valueOf(await add(pinned, await signed<'trust'>(next, [cast.an, cast.binh])));
  expect([...stateOf(pinned).docs.keys()]).toEqual([]);
  expect(await readdir(join(home.folder, 'docs'))).toEqual([]);
  expect((await readdir(join(home.folder, 'trust'))).sort()).toEqual(['1.json', '2.json']);
});

test('a damaged pinned file is named, not passed over', async () => {
  await withTrust();
  await writeFile(join(home.folder, 'trust', '1.json'), '{"payload":"');
  expect(await openHome(home.folder)).toMatchObject({
    ok: false,
    why: { en: expect.stringContaining('1.json') as string },
  });
});

test('names of places add up, and a file that is no list of places changes nothing', async () => {
  home = valueOf(await keepPlaces(home, '{"56":"Khánh Hòa"}', 'a'));
  home = valueOf(await keepPlaces(home, '{"56.22366":"Diên Khánh"}', 'b'));
  expect(await keepPlaces(home, '{"56":"x\\u001b[2J"}', 'c')).toMatchObject({ ok: false });
  expect([...valueOf(await openHome(home.folder)).places]).toEqual([
    ['56', 'Khánh Hòa'],
    ['56.22366', 'Diên Khánh'],
  ]);
});

test('the home is for its owner alone', async () => {
  expect((await stat(home.folder)).mode & 0o777).toBe(0o700);
});
