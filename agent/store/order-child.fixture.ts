/** A box that keeps one change and one recording, and acts on each: watched from outside for what reaches the disk when. */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { anAudit, storeFor, vector } from './a-box.fixture.ts';
import { DiskShelf } from './shelf.ts';

const [root = ''] = process.argv.slice(2);
const say = (word: string): number => writeSync(1, `${word}\n`);

const store = storeFor(vector('T01-bring-up'), {
  folder: `${root}/store`,
  copyFolder: `${root}/copy`,
  keyFolder: `${root}/keys`,
});
store.open();
const shelf = new DiskShelf({ folder: `${root}/media`, quotaBytes: 1e6, reserveBytes: 0, nowMs: () => 0 });
await shelf.open();
const content = Buffer.from('OggS and some sound');
const sha256 = createHash('sha256').update(content).digest('base64url');

say('COMMIT');
store.commitState({ ...store.state(), floor: store.state().floor + 1 }, anAudit());
say('ACT');
const receiving = await shelf.receive({ sha256, size: content.length, mime: 'audio/ogg', durMs: 1 });
await receiving.write(content);
await receiving.finish();
say('PLAY');
