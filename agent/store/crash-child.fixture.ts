/** A box that writes as fast as it can until somebody kills it; it says each thing on stdout once it is kept. */
import { writeSync } from 'node:fs';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import { storeFor, vector } from './a-box.fixture.ts';

const [root = '', run = ''] = process.argv.slice(2);
const store = storeFor(vector('T01-bring-up'), {
  folder: `${root}/store`,
  copyFolder: `${root}/copy`,
  keyFolder: `${root}/keys`,
});
store.open();
const { seq, ...record } = aRecord(1);
for (const begun of store.begun()) store.end(begun.key, { ...begun.record, endCause: 'power' });
say({ opened: seq });

for (let n = 0; ; n++) {
  const key = `${run}-${n}`;
  store.begin({ key, record: { ...record, title: key } });
  say({ begun: key });
  store.end(key, { ...record, title: key });
  say({ ended: key });
  const floor = store.state().floor + 1;
  const digest = `${run}-${n}`.padEnd(43, '_');
  const orders = new Map(store.state().orders).set(digest, {
    exp: 4_000_000_000,
    ended: false,
    stored: null,
    fm: null,
  });
  store.commitState(
    { ...store.state(), floor, orders },
    { atMs: floor, channel: 'mqtt', code: 'ACCEPTED', id: null, digest },
  );
  say({ floor, digest });
}

function say(what: object): void {
  writeSync(1, `${JSON.stringify(what)}\n`);
}
