/** No id ever goes back to an older version, and nobody signs two truths: protocol V17. */
import { toStored } from './envelope.ts';
import type { Opened } from './envelope.ts';
import { storedOf } from './state.ts';
import type { BoxState, Rejection, VersionFloor } from './state.ts';

/** protocol V17, against the highest version that this id ever had here. */
export function checkVersion(input: Opened, state: BoxState): Rejection | null {
  const known = state.floors.get(input.document.id);
  if (known === undefined) return null;
  const order = compare(versionOf(input, state), known);
  if (order < 0) return 'ROLLBACK';
  // The same bytes again are welcome: V18 may have dropped them while their signers were away.
  return order === 0 && known.digest !== input.digest ? 'EQUIVOCATION' : null;
}

export function storeDocument(input: Opened, state: BoxState): BoxState {
  const { id } = input.document;
  return {
    ...state,
    docs: new Map(state.docs).set(id, toStored(input)),
    floors: new Map(state.floors).set(id, versionOf(input, state)),
  };
}

/** New registrars begin a plan's counters anew: the epoch of its keyring counts before its own. */
function versionOf({ document, digest }: Opened, state: BoxState): VersionFloor {
  const keyring =
    document.typ === 'plan' ? storedOf(state, 'keyring', `keyring:${document.area}`) : undefined;
  return { keyringEpoch: keyring?.document.epoch ?? 0, epoch: document.epoch, ver: document.ver, digest };
}

const compare = (a: VersionFloor, b: VersionFloor): number =>
  a.keyringEpoch - b.keyringEpoch || a.epoch - b.epoch || a.ver - b.ver;
