/**
 * What this machine knows and trusts: the pinned trust chain and the documents verified under it, one file each,
 * beside the ledger and the names of places. Everything a signer compares with comes from here, never from a server.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { accept } from '../shared/protocol/accept.ts';
import { parseJson } from '../shared/protocol/bytes.ts';
import { isOpened, openEnvelope, toStored } from '../shared/protocol/envelope.ts';
import type { Opened } from '../shared/protocol/envelope.ts';
import { area, text } from '../shared/protocol/schema/primitives.ts';
import type { SignedDocument, Trust } from '../shared/protocol/schema/documents.ts';
import { initialState } from '../shared/protocol/state.ts';
import type { BoxState, Clock, Stored } from '../shared/protocol/state.ts';
import { storeDocument } from '../shared/protocol/versions.ts';
import { CODES } from './codes.ts';
import { syncFolder } from './files.ts';
import { reviewFirst } from './first-trust.ts';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

/** `state` is null before the first trust is pinned; `places` gives the name of an area by its code. */
export type Home = {
  readonly folder: string;
  readonly state: BoxState | null;
  readonly places: ReadonlyMap<string, string>;
};

/** A signer's machine is no box: it takes each document as the box would for which it is meant. */
const NO_BOX = 'd-aaaaaaaaaaaaaaaa';

const trustFolder = (folder: string): string => join(folder, 'trust');
const docsFolder = (folder: string): string => join(folder, 'docs');
const placesPath = (folder: string): string => join(folder, 'places.json');
const fileOf = (id: string): string => `${encodeURIComponent(id)}.json`;

/** Makes the folder where it is missing, for its owner alone. */
export async function openHome(folder: string): Promise<Outcome<Home>> {
  for (const each of [folder, trustFolder(folder), docsFolder(folder)]) {
    await mkdir(each, { recursive: true, mode: 0o700 });
  }
  const trusts = await readOpened(trustFolder(folder));
  const docs = await readOpened(docsFolder(folder));
  const places = await readPlaces(folder);
  if (!trusts.ok) return trusts;
  if (!docs.ok) return docs;
  return places.ok
    ? done({ folder, state: stateOf(trusts.value, docs.value), places: places.value })
    : places;
}

async function readOpened(folder: string): Promise<Outcome<readonly Opened[]>> {
  const opened: Opened[] = [];
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.json'))) {
    const each = openEnvelope(await readFile(join(folder, name)));
    if (typeof each === 'string') return damaged(join(folder, name));
    opened.push(each);
  }
  return done(opened);
}

const damaged = (path: string): Outcome<never> =>
  refused(
    `${path}: tệp đã ghim bị hỏng. Xóa tệp này rồi ghim lại từ nguồn đáng tin.`,
    `${path}: this pinned file is damaged. Remove it and pin the document again from a good source.`,
  );

function stateOf(trusts: readonly Opened[], docs: readonly Opened[]): BoxState | null {
  const last = trusts
    .filter((each) => isOpened(each, 'trust'))
    .toSorted((a, b) => b.document.ver - a.document.ver)[0];
  if (last === undefined) return null;
  const { prov, iat } = last.document;
  const empty = initialState({ prov, dev: NO_BOX, floor: iat, trust: toStored(last) });
  // The version of a plan counts under its keyring, which must be there before it.
  const keyringsFirst = docs.toSorted(
    (a, b) => Number(isOpened(b, 'keyring')) - Number(isOpened(a, 'keyring')),
  );
  return keyringsFirst.reduce((state, each) => storeDocument(each, state), empty);
}

/** The home with the trust from which everything else follows. */
export async function pinFirstTrust(home: Home, opened: Opened<Trust>): Promise<Outcome<Home>> {
  const { code, quorums } = await reviewFirst(opened);
  if (code !== 'ACCEPTED') return { ok: false, why: CODES[code] };
  if (quorums.some(({ missing }) => missing > 0)) return { ok: false, why: CODES.THRESHOLD };
  await replace(trustFolder(home.folder), fileOf(String(opened.document.ver)), opened.bytes);
  return openHome(home.folder);
}

/** Verifies as a box would, keeps what it accepted, and drops what its acceptance has made void (protocol V18). */
export async function pin(home: Home, state: BoxState, opened: Opened, clock: Clock): Promise<Outcome<Home>> {
  if (isOpened(opened, 'order')) {
    return refused(
      'Lệnh chỉ có hiệu lực ngắn nên không được ghim.',
      'An order lives too short to be pinned.',
    );
  }
  const answer = await accept(opened.bytes, asItsBox(state, opened.document), clock, null);
  if (answer.code === 'DUPLICATE') return done(home);
  if (answer.code !== 'ACCEPTED') return { ok: false, why: CODES[answer.code] };
  if (isOpened(opened, 'trust')) {
    await replace(trustFolder(home.folder), fileOf(String(opened.document.ver)), opened.bytes);
  } else await replace(docsFolder(home.folder), fileOf(opened.document.id), opened.bytes);
  for (const id of state.docs.keys()) {
    if (!answer.state.docs.has(id)) await rm(join(docsFolder(home.folder), fileOf(id)), { force: true });
  }
  return openHome(home.folder);
}

/** The state of the box, or of some box of the area, that the document is for. */
function asItsBox(state: BoxState, document: SignedDocument): BoxState {
  if (document.typ === 'device') return { ...state, dev: document.dev };
  return 'area' in document ? stateAt(state, document.area) : state;
}

/** What a box of this area would know of what is pinned here. */
export function stateAt(state: BoxState, at: string): BoxState {
  const { prov, iat, exp } = state.trust.document;
  const common = { v: 1, prov, epoch: 0, ver: 1, iat, exp } as const;
  const box = { ...common, typ: 'device', id: `device:${NO_BOX}`, dev: NO_BOX, area: at } as const;
  const rest = { state: 'active', tags: [], volumeMax: 0, quiet: null, clockless: 'silent' } as const;
  const device: Stored = { bytes: new Uint8Array(), digest: '', document: { ...box, ...rest, tags: [] } };
  return { ...state, docs: new Map(state.docs).set(box.id, device) };
}

/** Whole or not at all, also through a power cut. */
async function replace(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(folder, `.${name}.tmp`);
  await using file = await open(temporary, 'w', 0o600);
  await file.writeFile(content);
  await file.sync();
  await rename(temporary, join(folder, name));
  await syncFolder(folder);
}

const placeNames = z.record(area, text(1, 120));

async function readPlaces(folder: string): Promise<Outcome<ReadonlyMap<string, string>>> {
  let file: string;
  try {
    file = await readFile(placesPath(folder), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return done(new Map());
    throw error;
  }
  return namesIn(file, placesPath(folder));
}

function namesIn(file: string, path: string): Outcome<ReadonlyMap<string, string>> {
  const names = placeNames.safeParse(parseJson(file)).data;
  return names === undefined
    ? refused(
        `${path}: không phải danh sách địa danh dạng {"56.22366": "Tên xã"}.`,
        `${path}: not a list of places like {"56.22366": "Name"}.`,
      )
    : done(new Map(Object.entries(names)));
}

/** Names help people to see a wrong code; they prove nothing and stand in no document. */
export async function keepPlaces(home: Home, file: string, path: string): Promise<Outcome<Home>> {
  const names = namesIn(file, path);
  if (!names.ok) return names;
  const all = Object.fromEntries([...home.places, ...names.value]);
  await replace(home.folder, 'places.json', `${JSON.stringify(all, null, 2)}\n`);
  return openHome(home.folder);
}
