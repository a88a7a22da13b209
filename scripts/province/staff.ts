/** What the province's people do through the cloud's API: upload recordings, publish what they have signed, and look at the fleet. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { payloadBytes, signPayload } from '../../shared/protocol/sign.ts';
import type { SigningKey } from '../../sign/keys.ts';
import { breaksAnswer, fleetAnswer, keptRecordsAnswer } from '../../shared/wire/fleet.ts';
import { draft, staffPaths } from '../../shared/wire/staff.ts';
import type { MadeMedia } from './media.ts';
import { signedBy } from './people.ts';

export class Staff {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async upload({ media, path }: MadeMedia): Promise<void> {
    await this.#ask('PUT', staffPaths.media(media.sha256), await readFile(path), media.mime);
  }

  /** The office way: a draft, and each signature on its own; the last that is needed publishes it. */
  async publish(document: SignedDocument, signers: readonly SigningKey[]): Promise<void> {
    const payload = payloadBytes(document);
    const { digest } = draft.parse(await this.#json('POST', staffPaths.drafts, { payload: document }));
    for (const { secret } of signers) {
      await this.#json(
        'POST',
        staffPaths.signatures(digest),
        await signPayload(secret, document.typ, payload),
      );
    }
  }

  /** The short way for what carries all its signatures already: an order, and documents from a ceremony. */
  async send(document: SignedDocument, signers: readonly SigningKey[]): Promise<void> {
    const bytes = await signedBy(signers, document);
    await this.#ask('POST', staffPaths.envelopes, Buffer.from(bytes), 'application/json');
  }

  fleet() {
    return this.#get(staffPaths.fleet, fleetAnswer);
  }

  records(dev: string) {
    return this.#get(`${staffPaths.records}?dev=${dev}&limit=1000`, keptRecordsAnswer);
  }

  breaks() {
    return this.#get(staffPaths.breaks, breaksAnswer);
  }

  async #get<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
    return schema.parse(await this.#ask('GET', path, null, null));
  }

  #json(method: string, path: string, body: object): Promise<unknown> {
    return this.#ask(method, path, Buffer.from(JSON.stringify(body)), 'application/json');
  }

  async #ask(method: string, path: string, body: Buffer | null, type: string | null): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(type === null ? {} : { 'content-type': type }),
    };
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers,
      ...(body === null ? {} : { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
}
