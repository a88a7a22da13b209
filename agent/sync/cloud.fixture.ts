/** A small real cloud over HTTP for tests of sync: hands out what it was given, takes records in once, and misbehaves on request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Head, SignedDocument } from '../../shared/protocol/schema/documents.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { RecordBatch } from '../../shared/records/batch.ts';
import { holds } from '../../shared/records/chain.ts';
import { openBatch } from '../../shared/records/envelope.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import { NOW_S, PROV, aMedia, envelopeOf, storedOf } from './box.fixture.ts';
import { httpServer } from './servers.fixture.ts';
import type { TestServer } from './servers.fixture.ts';

export class TestCloud {
  /** Paths asked for, in order. */
  readonly asked: string[] = [];
  /** By sequence number: stored once each, however often they come. */
  readonly records = new Map<number, PlayRecord>();
  /** What is wrong with records that came, and how often one came again. */
  readonly faults: string[] = [];
  doubled = 0;
  iat = NOW_S;
  /** Before each answer. */
  lateMs = 0;
  /** Called before an answer is made; true where it has answered itself. */
  instead: (path: string, request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** True where the answer to records that were taken is to be lost. */
  swallow: () => boolean = () => false;
  lastBatch: RecordBatch | null = null;
  readonly #documents = new Map<string, SignedDocument>();
  readonly #media = new Map<string, Uint8Array>();
  #server: TestServer | null = null;

  async open(): Promise<this> {
    this.#server = await httpServer((request, response) => void this.#answer(request, response));
    return this;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  publish(...documents: readonly SignedDocument[]): this {
    for (const each of documents)
      this.#documents.set(each.typ === 'trust' ? `trust/${each.ver}` : each.id, each);
    return this;
  }

  offer(bytes: Uint8Array): Media {
    const media = aMedia(bytes);
    this.#media.set(media.sha256, bytes);
    return media;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.lateMs > 0) await new Promise((resolve) => setTimeout(resolve, this.lateMs));
    const url = new URL(request.url ?? '/', this.url);
    this.asked.push(url.pathname.slice(4));
    if (this.instead(url.pathname, request, response)) return;
    const [, , kind, name = ''] = url.pathname.split('/');
    if (kind === 'trust') this.#document(`trust/${name}`, request, response);
    else if (kind === 'doc') this.#document(name, request, response);
    else if (kind === 'head') response.end(this.#head(url));
    else if (kind === 'orders') response.end(this.#orders());
    else if (kind === 'media') this.#sendMedia(name, request, response);
    else {
      const answer = JSON.stringify(await this.#take(request));
      if (this.swallow()) response.destroy();
      else response.end(answer);
    }
  }

  #document(id: string, request: IncomingMessage, response: ServerResponse): void {
    const found = this.#documents.get(id);
    if (found === undefined) response.writeHead(404).end();
    else if (request.headers['if-none-match'] === `"${storedOf(found).digest}"`)
      response.writeHead(304).end();
    else response.end(envelopeOf(found));
  }

  #head({ searchParams }: URL): Uint8Array {
    const ids = (searchParams.get('ids') ?? '').split(',');
    const latest = [...this.#documents.values()]
      .filter(({ id }) => ids.includes(id))
      .map(({ id, epoch, ver }) => [id, { epoch, ver }] as const);
    const head: Head = {
      typ: 'head',
      v: 1,
      prov: PROV,
      id: 'head',
      epoch: 1,
      ver: 1,
      iat: this.iat,
      exp: this.iat + 3_600,
      nonce: searchParams.get('nonce'),
      latest: Object.fromEntries(latest),
    };
    return envelopeOf(head);
  }

  #orders(): string {
    const orders = [...this.#documents.values()].filter(({ typ }) => typ === 'order');
    return `[${orders.map((each) => Buffer.from(envelopeOf(each)).toString()).join(',')}]`;
  }

  #sendMedia(hash: string, request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.#media.get(hash);
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(from === 0 ? 200 : 206, from === 0 ? {} : { 'content-range': range });
    response.end(bytes.subarray(from));
  }

  async #take(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const opened = await openBatch(Buffer.concat(chunks));
    if ('code' in opened) {
      this.faults.push(opened.code);
      return {};
    }
    const { batch } = opened;
    this.lastBatch = batch;
    if (!holds(batch)) this.faults.push(`broken at ${batch.first}`);
    for (const record of batch.records) {
      if (this.records.has(record.seq)) this.doubled += 1;
      this.records.set(record.seq, record);
    }
    let nextSeq = 1;
    while (this.records.has(nextSeq)) nextSeq += 1;
    return { chain: batch.chain, nextSeq };
  }
}
