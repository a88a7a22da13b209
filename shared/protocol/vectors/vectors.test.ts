import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runVector } from './suites.ts';

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.json'),
);

test.each(files)('every vector of %s passes', async (file) => {
  const vectors = JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown[];
  expect(vectors.length).toBeGreaterThan(0);
  const failures = [];
  for (const vector of vectors) failures.push(await runVector(vector));
  expect(failures.filter((failure) => failure !== null)).toEqual([]);
});

const first = JSON.parse(readFileSync(join(folder, 'accept/orders.json'), 'utf8')) as [
  { steps: [{ expect: { code: string } }]; after: { floor: number } },
];

test('a vector that expects another code is a failure that shows both', async () => {
  const wrong = structuredClone(first[0]);
  wrong.steps[0].expect.code = 'GAP';
  expect(await runVector(wrong)).toMatch(/expected .*GAP.*\n.*got .*ACCEPTED/);
});

test('a vector that expects another end is a failure', async () => {
  const wrong = structuredClone(first[0]);
  wrong.after.floor++;
  expect(await runVector(wrong)).not.toBeNull();
});

test('an input reaches accept with every member it has, __proto__ too', async () => {
  const text = JSON.stringify(first[0]).replace('"input":{', '"input":{"__proto__":{"payload":"x"},');
  expect(await runVector(JSON.parse(text))).toMatch(/got .*BAD_ENVELOPE/);
});

test('a vector of a suite that nobody knows, or of another shape, is a failure and never skipped', async () => {
  expect(await runVector({ ...first[0], suite: 'later' })).toMatch(/unknown suite later/);
  expect(await runVector({ ...first[0], steps: [] })).not.toBeNull();
  expect(await runVector('nonsense')).toMatch(/not a vector/);
});
