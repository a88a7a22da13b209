/** Speaks HTTP to the cloud for the command; every way in which that can fail becomes a sentence and an exit code. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { parseJson } from '../../shared/protocol/bytes.ts';
import { say, text } from '../../shared/messages/text.ts';
import type { Text } from '../../shared/messages/text.ts';
import { refusal } from '../../shared/wire/carrier.ts';
import type { Refusal } from '../../shared/wire/carrier.ts';
import { staffPaths } from '../../shared/wire/staff.ts';
import { Ended, EXIT } from './ended.ts';

export type Server = { readonly url: string; readonly tokenFile: string | null };

/** The value, or what the server refused; everything else ends the command. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export type Client = {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  post<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<Answer<T>>;
  /** Streams the file; its hash is its address. */
  upload(file: string): Promise<Answer<{ sha256: string }>>;
};

const ASK_MS = 30_000;
const UPLOAD_MS = 600_000;

export function clientOf(server: Server): Client {
  if (!URL.canParse('/', server.url)) throw new Ended(EXIT.misused, notAnAddress(server.url));
  const headers = { authorization: `Bearer ${tokenOf(server)}` };
  return {
    async get(path, shape) {
      const answer = await ask(server, path, { headers, signal: AbortSignal.timeout(ASK_MS) });
      const read = await readAnswer(answer, shape);
      if (read.ok) return read.value;
      throw new Ended(EXIT.refused, read.refusal.text);
    },
    async post(path, body, shape) {
      const answer = await ask(server, path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ASK_MS),
      });
      return readAnswer(answer, shape);
    },
    async upload(file) {
      const sha256 = await hashOf(file);
      const { size } = await stat(file);
      const answer = await ask(server, staffPaths.media(sha256), {
        method: 'PUT',
        headers: { ...headers, 'content-length': String(size) },
        body: Readable.toWeb(createReadStream(file)),
        duplex: 'half',
        signal: AbortSignal.timeout(UPLOAD_MS),
      });
      const read = await readAnswer(answer, null);
      return read.ok ? { ok: true, value: { sha256 } } : read;
    },
  };
}

function tokenOf({ tokenFile }: Server): string {
  if (tokenFile === null) return '';
  const token = existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : '';
  // What no header can carry was never a token.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new Ended(
    EXIT.stranger,
    text(say`Không có mã truy cập trong ${tokenFile}.`, say`There is no staff token in ${tokenFile}.`),
  );
}

async function ask({ url }: Server, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(new URL(path, url), init);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new Ended(
      EXIT.unreachable,
      text(
        say`Không tới được máy chủ ${url}. Nó có đang chạy không (loa-cloud serve)? Địa chỉ khác: --url.`,
        say`The server ${url} is out of reach. Does it run (loa-cloud serve)? Another address: --url.`,
      ),
    );
  }
}

const notAnAddress = (url: string): Text =>
  text(
    say`"${url}" không phải địa chỉ. Ví dụ: --url http://127.0.0.1:8080`,
    say`"${url}" is no address. For instance: --url http://127.0.0.1:8080`,
  );

/** `shape` null where nothing but success is of interest. */
async function readAnswer<T>(answer: Response, shape: z.ZodType<T> | null): Promise<Answer<T>> {
  const json = parseJson(await answer.text());
  if (answer.ok) {
    const value = shape === null ? { success: true as const, data: json as T } : shape.safeParse(json);
    if (value.success) return { ok: true, value: value.data };
    throw strange;
  }
  const said = refusal.safeParse(json);
  if (!said.success) throw strange;
  if (answer.status === 401) throw new Ended(EXIT.stranger, said.data.text);
  return { ok: false, refusal: said.data };
}

const strange = new Ended(
  EXIT.unreachable,
  text(
    'Máy chủ trả lời không hiểu được: không phải Loa, hoặc khác phiên bản với lệnh này.',
    'The answer makes no sense: this is no Loa server, or one of another version than this command.',
  ),
);

export async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('base64url');
}
