/** What is wanted of a box against what it reports: clock, documents, media, records, refusals, each with its tone. */
import { clocksByRadio, consoleMessages as words } from '../../../shared/messages/console.ts';
import { shown, text, type Text } from '../../../shared/messages/text.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import type { BoxStatus } from '../../../shared/wire/status.ts';
import { filled } from './filled.ts';
import { documentName } from './places.ts';
import type { Places } from './places.ts';
import { whenOf } from './time.ts';
import type { Tone } from './tone.ts';

export type Fact = {
  readonly name: Text;
  readonly value: Text;
  readonly tone: Tone;
  /** One line for each document, code or kind that is meant. */
  readonly details: readonly Text[];
};

export function factsOf(box: BoxView, places: Places): readonly Fact[] {
  const { status } = box;
  if (status === null) return [documentsFact(box, places)];
  return [
    clockFact(status.clock),
    documentsFact(box, places),
    mediaFact(status.media),
    recordsFact(status.unsentRecords),
    rejectsFact(status.rejects),
    ...(box.breaks > 0 ? [chainFact(box.breaks)] : []),
  ];
}

const fact = (name: Text, value: Text, tone: Tone, details: readonly Text[] = []): Fact => ({
  ...{ name, value, tone, details },
});

function clockFact({ state, u, settled, radio }: BoxStatus['clock']): Fact {
  const details =
    settled === undefined ? [] : [words.clockSettled(whenOf(settled.fromAtMs, 0), whenOf(settled.toAtMs, 0))];
  switch (state) {
    case 'SYNCED':
      return fact(words.clock, words.clockSynced(u), settled === undefined ? 'ok' : 'amber', details);
    case 'HOLDOVER':
      return fact(words.clock, words.clockHoldover(u), 'amber', details);
    case 'FLOOR':
      return fact(words.clock, words.clockFloor, 'red', [...details, ...radioDetails(radio)]);
  }
}

/** What it plays all the same, by a time that nobody signed. */
function radioDetails(radio: BoxStatus['clock']['radio']): readonly Text[] {
  if (radio === undefined) return [];
  return [radio.bootAtMs === null ? words.clockAwaitsRadio : clocksByRadio[radio.use]];
}

function documentsFact({ wanted, behind, status }: BoxView, places: Places): Fact {
  if (behind.length === 0) {
    return fact(words.documents, words.documentsAll(Object.keys(wanted).length), 'ok');
  }
  const details = behind.map((id) => behindInWords(documentName(places, id), status?.held[id], wanted[id]));
  return fact(words.documents, words.documentsBehind(behind.length), 'amber', details);
}

type Version = { readonly epoch: number; readonly ver: number };

function behindInWords(name: Text, held: Version | undefined, wanted: Version | undefined): Text {
  const then = wanted === undefined ? '–' : versionOf(wanted);
  if (held === undefined) return filled((called) => words.documentMissing(called, then), name);
  return filled((called) => words.documentBehind(called, versionOf(held), then), name);
}

const versionOf = ({ epoch, ver }: Version): string => `${epoch}.${ver}`;
const inBoth = (same: string): Text => text(same, same);

function mediaFact({ wanted, missing }: BoxStatus['media']): Fact {
  return missing === 0
    ? fact(words.media, words.mediaAll(wanted), 'ok')
    : fact(words.media, words.mediaMissing(missing), 'amber');
}

/** A few on their way are no news. */
const UNSENT_MANY = 10;

function recordsFact(unsent: number): Fact {
  if (unsent === 0) return fact(words.records, words.recordsSent, 'ok');
  return fact(words.records, words.recordsUnsent(unsent), unsent < UNSENT_MANY ? 'note' : 'amber');
}

function rejectsFact(rejects: BoxStatus['rejects']): Fact {
  const codes = Object.entries(rejects).filter(([, count]) => count > 0);
  const total = codes.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return fact(words.rejects, words.rejectsNone, 'ok');
  const details = codes.map(([code, count]) => inBoth(`${shown(code)} × ${count}`));
  return fact(words.rejects, inBoth(String(total)), 'red', [words.rejectsMeaning, ...details]);
}

const chainFact = (breaks: number): Fact => fact(words.chain, words.chainBroken(breaks), 'red');
