/** May such a document be taken at all now, whoever signed it? protocol V10. */
import { checkGrants, checkKeys, isWeakEd25519 } from './keys.ts';
import type { Grant, OrderKind } from './schema/authority.ts';
import type { Keyring, Plan, SignedDocument } from './schema/documents.ts';
import { storedOf } from './state.ts';
import type { BoxState, Rejection } from './state.ts';
import { GRACE_S } from './time.ts';

const LOCAL_LIFE_S = 21_600;
const LOCAL_KINDS: readonly OrderKind[] = ['template', 'halt', 'test', 'live', 'stop'];

/** protocol V10; `t` is the time that now cannot be below. */
export function checkStanding(document: SignedDocument, state: BoxState, t: number): Rejection | null {
  const graceS = document.typ === 'order' || document.typ === 'head' ? GRACE_S : 0;
  if (state.trust.document.exp + graceS <= t) return 'TRUST_EXPIRED';
  if (document.typ === 'keyring') return checkKeyring(document);
  if (document.typ === 'plan') return checkKeyringOf(document, state, t);
  const isLive = document.typ === 'order' && document.kind === 'live';
  return isLive && isWeakEd25519(document.play.live.key) ? 'WEAK_KEY' : null;
}

function checkKeyringOf({ area }: Plan, state: BoxState, t: number): Rejection | null {
  const keyring = storedOf(state, 'keyring', `keyring:${area}`)?.document;
  if (keyring === undefined) return 'NO_GRANT';
  return keyring.exp <= t ? 'KEYRING_EXPIRED' : null;
}

function checkKeyring({ keys, grants, area }: Keyring): Rejection | null {
  const fault = checkKeys(keys);
  if (fault !== null) return fault;
  if (!grants.every((grant) => grant.area === area && isLocal(grant))) return 'ESCALATION';
  return checkGrants(grants, keys);
}

/** What registrars may hand on without the root: publishing, and the small half of emergency. */
function isLocal({ role, kinds, maxTtlS }: Grant): boolean {
  if (role === 'publisher') return true;
  return role === 'emergency' && kinds.every((kind) => LOCAL_KINDS.includes(kind)) && maxTtlS <= LOCAL_LIFE_S;
}
