/**
 * The first trust of a province: nothing stands behind it but what it says of itself, and the six words that people
 * wrote on paper at the ceremony. Everything later is judged by `review` and `accept`.
 */
import { kidsUnder } from '../shared/protocol/authorise.ts';
import { rootOf } from '../shared/protocol/candidates.ts';
import type { Opened } from '../shared/protocol/envelope.ts';
import type { Trust } from '../shared/protocol/schema/documents.ts';
import { quorumOf } from '../shared/protocol/review.ts';
import type { Quorum, Review } from '../shared/protocol/review.ts';
import { checkSuccessor } from '../shared/protocol/trust.ts';

/** As `review` would answer where this trust were the pinned one: who of its own root people have signed. */
export async function reviewFirst(opened: Opened<Trust>): Promise<Review> {
  const { document, digest } = opened;
  const quorum = await ownQuorum(opened);
  const code = checkSuccessor(document, document) ?? 'ACCEPTED';
  return { code, digest, document, quorums: quorum === null ? [] : [quorum] };
}

async function ownQuorum(opened: Opened<Trust>): Promise<Quorum | null> {
  const root = rootOf(opened.document);
  return root === undefined ? null : quorumOf(root, await kidsUnder([root], opened));
}
