/** In which order documents are taken, so that each finds there what it stands on: protocol U2. */
import type { DocumentType, SignedDocument } from './schema/documents.ts';

const TURN: readonly DocumentType[] = [
  'trust',
  'head',
  'device',
  'keyring',
  'templates',
  'fmplan',
  'plan',
  'release',
  'order',
];

/** For sorting: by type, and of one type the lower version first. */
export const byGround = (a: SignedDocument, b: SignedDocument): number =>
  TURN.indexOf(a.typ) - TURN.indexOf(b.typ) || a.ver - b.ver;
