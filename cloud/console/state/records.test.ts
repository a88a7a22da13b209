import { expect, test } from 'vitest';
import { kept, NOW_MS } from '../view/a-box.fixture.ts';
import { withNewest } from './records.ts';

const at = (seq: number) => kept({ seq, startedAtMs: NOW_MS + seq });
const seqs = (records: ReturnType<typeof withNewest>) => records.map(({ record }) => record.seq);

test('records stand newest first by when they began, whenever they came', () => {
  expect(seqs(withNewest([at(3), at(1)], [at(2)]))).toEqual([3, 2, 1]);
  const skipped = kept({ seq: 9, startedAtMs: null, plannedAtMs: NOW_MS + 2 });
  expect(seqs(withNewest([at(3), at(1)], [skipped]))).toEqual([3, 9, 1]);
});

test('a record that comes twice stands once, and one of another chain is another', () => {
  const other = { ...at(1), chain: 'x'.repeat(22) };
  expect(withNewest([at(1)], [at(1), other])).toHaveLength(2);
});

test('what a page cannot use is forgotten, the oldest first', () => {
  const many = withNewest(
    [],
    Array.from({ length: 700 }, (_, index) => at(index + 1)),
  );
  expect(many).toHaveLength(600);
  expect(many.at(-1)?.record.seq).toBe(101);
});
