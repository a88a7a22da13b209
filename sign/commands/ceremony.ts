/** `loa-sign trust new`, `trust next` and `keyring new`: who holds which power, from a file that names people. */
import { dirname, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { z } from 'zod';
import { parseJson } from '../../shared/protocol/bytes.ts';
import { keyringGrant } from '../../shared/protocol/schema/authority.ts';
import { area, instant, integer, kid, province } from '../../shared/protocol/schema/primitives.ts';
import { DAY_S, draftTrust, grantPlan, grantsOf, keysOf, nextTrust } from '../ceremony.ts';
import { Ended, homeAt, nowS, orEnd } from '../desk.ts';
import { readText } from '../files.ts';
import { readPublicKey } from '../keys.ts';
import type { PublicKey } from '../keys.ts';
import { MESSAGES } from '../messages.ts';
import { parsedAs } from '../text.ts';
import { filledFrom, keepDocument, keepDraft } from './drafts.ts';
import { homeOption } from './options.ts';

const keyFiles = z.array(z.string());
const lifeDays = integer(1, 730).default(365);

const newTrust = z.strictObject({ province, keys: keyFiles, grants: z.array(grantPlan), lifeDays });
const changes = z.strictObject({
  addKeys: keyFiles.default([]),
  dropPeople: z.array(z.string()).default([]),
  dropKeys: z.array(kid).default([]),
  grants: z.array(grantPlan).default([]),
  raiseEpoch: z.array(keyringGrant.shape.role).default([]),
  floorReset: instant.nullable().default(null),
  lifeDays,
});
const newKeyring = z.strictObject({ area, keys: keyFiles, grants: z.array(grantPlan), lifeDays });

type Options = { plan: string; out: string; home: string };

async function trustNew({ plan, out, home: folder }: Options): Promise<void> {
  const home = await homeAt(folder);
  if (home.state !== null) throw new Ended(MESSAGES.trustExists);
  const wanted = await planIn(plan, newTrust);
  const keys = await publicKeysIn(plan, wanted.keys);
  const life = { ver: 1, iat: nowS(), lifeS: wanted.lifeDays * DAY_S };
  await keepDocument(
    orEnd(draftTrust({ ...life, prov: wanted.province, keys, grants: wanted.grants })),
    out,
    home,
  );
}

async function trustNext({ plan, out, home: folder }: Options): Promise<void> {
  const home = await homeAt(folder);
  if (home.state === null) throw new Ended(MESSAGES.needsTrust);
  const { addKeys, lifeDays: days, ...wanted } = await planIn(plan, changes);
  const added = await publicKeysIn(plan, addKeys);
  const life = { iat: nowS(), lifeS: days * DAY_S };
  await keepDocument(
    orEnd(nextTrust(home.state.trust.document, { ...wanted, addKeys: added }, life)),
    out,
    home,
  );
}

async function keyringNew({ plan, out, home: folder }: Options): Promise<void> {
  const home = await homeAt(folder);
  if (home.state === null) throw new Ended(MESSAGES.needsTrust);
  const wanted = await planIn(plan, newKeyring);
  const keys = await publicKeysIn(plan, wanted.keys);
  const grants = orEnd(grantsOf({ keys, grants: wanted.grants }));
  const iat = nowS();
  const times = { iat, exp: iat + wanted.lifeDays * DAY_S };
  const draft = { typ: 'keyring', area: wanted.area, keys: keysOf(keys), grants, ...times };
  await keepDraft(await filledFrom(draft, home), out, home);
}

async function planIn<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const read = parsedAs(schema, parseJson(orEnd(await readText(path))));
  if (read.ok) return read.value;
  throw new Ended(MESSAGES.about(path, read.why));
}

/** Paths in a ceremony file are relative to it. */
async function publicKeysIn(plan: string, paths: readonly string[]): Promise<readonly PublicKey[]> {
  const keys: PublicKey[] = [];
  for (const path of paths) {
    const read = readPublicKey(orEnd(await readText(resolve(dirname(plan), path))));
    if (!read.ok) throw new Ended(MESSAGES.about(path, read.why));
    keys.push(read.value);
  }
  return keys;
}

const planned = (name: string, summary: string) =>
  new Command(name)
    .summary(summary)
    .requiredOption('--plan <file>', 'tệp mô tả, JSON · what is wanted, JSON')
    .requiredOption('--out <file>', 'bản nháp để ký · the draft to be signed')
    .addOption(homeOption());

const EXAMPLE = `
Ví dụ · Example of --plan:
  {"province": "vn56", "lifeDays": 365,
   "keys": ["an.key.pub.json", "binh.key.pub.json", "chi.key.pub.json"],
   "grants": [
     {"role": "root", "area": "56", "threshold": 2, "people": ["Nguyễn Văn An", "Trần Thị Bình", "Lê Chi"]},
     {"role": "emergency", "area": "56", "threshold": 2, "kinds": ["alert", "clear", "stop", "live"],
      "people": ["Nguyễn Văn An", "Trần Thị Bình"]}]}`;

const NEXT_EXAMPLE = `
Ví dụ · Example of --plan:
  {"addKeys": ["dung.key.pub.json"], "dropPeople": ["Lê Chi"], "raiseEpoch": ["registrar"],
   "grants": [{"role": "root", "area": "56", "threshold": 2, "people": ["Nguyễn Văn An", "Phạm Dũng"]}]}`;

const KEYRING_EXAMPLE = `
Ví dụ · Example of --plan:
  {"area": "56.22366", "keys": ["an.key.pub.json", "binh.key.pub.json"],
   "grants": [{"role": "publisher", "area": "56.22366", "threshold": 2, "people": ["Nguyễn Văn An", "Trần Thị Bình"]}]}`;

export const trustCommand = () =>
  new Command('trust')
    .summary('lễ tạo tin cậy · the trust ceremony')
    .addCommand(
      planned('new', 'bản tin cậy đầu tiên · the first trust').addHelpText('after', EXAMPLE).action(trustNew),
    )
    .addCommand(
      planned('next', 'phiên bản kế tiếp · the next version of the pinned trust')
        .addHelpText('after', NEXT_EXAMPLE)
        .action(trustNext),
    );

export const keyringCommand = () =>
  new Command('keyring')
    .summary('vòng khóa của một nơi · the keyring of an area')
    .addCommand(
      planned('new', 'soạn vòng khóa · draft a keyring')
        .addHelpText('after', KEYRING_EXAMPLE)
        .action(keyringNew),
    );
