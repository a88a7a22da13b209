/** From pieces and pictures to what a player or a board may load: every file of the shelf hashed again immediately before (protocol D5). */
import type { Playback, Track } from './devices/player/seam.ts';
import type { View } from './devices/screen/seam.ts';
import type { Piece } from './plan/stretch.ts';
import type { MediaShelf } from './store/store.ts';

export type TracksParts = {
  readonly shelf: Pick<MediaShelf, 'verified'>;
  /** Path of a sound that every agent carries. */
  readonly builtin: (name: string) => string;
  readonly upMs: () => number;
};

/** A hash that was checked so shortly before counts as checked immediately before (protocol D5). */
const FRESH_MS = 5000;

export class Tracks {
  readonly #parts: TracksParts;
  readonly #fresh = new Map<string, { readonly path: string; readonly upMs: number }>();
  readonly #hashing = new Map<string, Promise<string | null>>();

  constructor(parts: TracksParts) {
    this.#parts = parts;
  }

  /** Null where a file is not what its name says. */
  async of(pieces: readonly (Piece | Track)[]): Promise<Playback['tracks'] | null> {
    const tracks: Track[] = [];
    for (const piece of pieces) {
      const track = await this.#trackOf(piece);
      if (track === null) return null;
      tracks.push(track);
    }
    const [first, ...rest] = tracks;
    return first === undefined ? null : [first, ...rest];
  }

  /** The view with paths in place of hashes; null where a file is not what its name says. */
  async view(view: View): Promise<View | null> {
    switch (view.kind) {
      case 'nothing':
      case 'no-time':
      case 'alert':
      case 'test':
        return view;
      case 'page': {
        const { imagePath } = view.page;
        if (imagePath === null) return view;
        // A page without its picture still says what it has to say.
        return {
          ...view,
          page: { ...view.page, imagePath: await this.#verified(imagePath.slice('media:'.length)) },
        };
      }
      case 'media': {
        const tracks = await this.of(view.tracks);
        return tracks === null ? null : { ...view, tracks };
      }
    }
  }

  async #trackOf({ uri, durationMs }: Piece): Promise<Track | null> {
    if (uri.startsWith('builtin:')) {
      return { uri: this.#parts.builtin(uri.slice('builtin:'.length)), sha256: null, durationMs };
    }
    if (!uri.startsWith('media:')) return { uri, sha256: null, durationMs };
    const sha256 = uri.slice('media:'.length);
    const path = await this.#verified(sha256);
    return path === null ? null : { uri: path, sha256, durationMs };
  }

  /** Two who want the same file wait for one reading of it. */
  async #verified(sha256: string): Promise<string | null> {
    const { shelf, upMs } = this.#parts;
    const known = this.#fresh.get(sha256);
    if (known !== undefined && upMs() - known.upMs < FRESH_MS) return known.path;
    const hashing = this.#hashing.get(sha256) ?? shelf.verified(sha256);
    this.#hashing.set(sha256, hashing);
    const path = await hashing.finally(() => this.#hashing.delete(sha256));
    this.#fresh.delete(sha256);
    if (path !== null) this.#fresh.set(sha256, { path, upMs: upMs() });
    return path;
  }
}
