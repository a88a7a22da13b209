/** The command `loa-cloud`: the server itself, and a client of its API for staff and scripts. */
import { Command, CommanderError, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { say, shown, text } from '../../shared/messages/text.ts';
import { serve } from '../main.ts';
import { StartFault } from '../../shared/messages/start-fault.ts';
import { clientOf } from './client.ts';
import type { Client } from './client.ts';
import { Ended, EXIT, EXIT_CODES } from './ended.ts';
import { getFile } from './get.ts';
import { showHeadKey } from './head-key.ts';
import { showBreaks, showDocuments, showFleet, showRecords } from './look.ts';
import { sendMedia } from './media.ts';
import { warnBoth } from './output.ts';
import type { Output } from './output.ts';
import { collectFile, draftFile, listDrafts, publishDraft, publishFiles, publishOrders } from './publish.ts';

export type Streams = Pick<Output, 'write' | 'warn'>;

const lines = (vi: string, en: string): string => `${vi} · ${en}`;

/** Returns the exit code; writes nothing but through `streams`. */
export async function run(args: readonly string[], streams: Streams): Promise<number> {
  let exit: number = EXIT.done;
  const program = programFor(streams, (code) => {
    exit = code;
  });
  prepare(program, streams);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (cause) {
    return exitFor(cause, streams);
  }
}

function exitFor(cause: unknown, streams: Streams): number {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.done : EXIT.misused;
  if (cause instanceof StartFault) warnBoth(streams, cause.text);
  else if (cause instanceof Ended) warnBoth(streams, cause.why);
  else
    warnBoth(
      streams,
      text(say`Lỗi của chương trình: ${String(cause)}`, say`A fault of the program: ${String(cause)}`),
    );
  return cause instanceof Ended ? cause.exit : EXIT.refused;
}

/** Commands are told one by one to throw instead of exiting. */
function prepare(command: CommandUnknownOpts, { write, warn }: Streams): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (output) => {
      write(output.trimEnd());
    },
    writeErr: (output) => {
      warn(output.trimEnd());
    },
    outputError: (message, writeErr) => {
      writeErr(`Gọi sai · wrong usage: ${shown(message.trimEnd())}`);
    },
  });
  for (const inner of command.commands) prepare(inner, { write, warn });
}

type End = (exit: number) => void;
type Job = (client: Client, output: Output) => Promise<number>;

const clientCommand = (name: string, summary: string) =>
  new Command(name)
    .summary(summary)
    .description(summary)
    .addOption(
      new Option('--url <url>', lines('địa chỉ máy chủ', 'address of the server'))
        .env('LOA_CLOUD_URL')
        .default('http://127.0.0.1:8080'),
    )
    .addOption(
      new Option('--token-file <file>', lines('mã truy cập của cán bộ', 'staff token')).env(
        'LOA_CLOUD_TOKEN_FILE',
      ),
    )
    .option('--json', lines('in JSON cho máy đọc', 'print JSON for machines'), false);

type ClientOptions = { url: string; tokenFile?: string | undefined; json: boolean };

function programFor(streams: Streams, end: End) {
  const act = async ({ url, tokenFile, json }: ClientOptions, job: Job): Promise<void> => {
    end(await job(clientOf({ url, tokenFile: tokenFile ?? null }), { json, ...streams }));
  };
  return new Command('loa-cloud')
    .description(
      lines('Máy chủ của tỉnh và lệnh cho cán bộ', "the province's server, and the command for its staff"),
    )
    .addHelpText('after', `\n${EXIT_CODES.vi}\n${EXIT_CODES.en}`)
    .addCommand(serveCommand(end))
    .addCommand(headKeyCommand(streams, end))
    .addCommand(
      publishCommand('publish', 'ban hành văn bản đã ký đủ', 'publish signed documents', act, publishFiles),
    )
    .addCommand(
      publishCommand(
        'order',
        'gửi lệnh đã ký đủ ngay lập tức',
        'send signed orders at once',
        act,
        publishOrders,
      ),
    )
    .addCommand(draftCommand(act))
    .addCommand(collectCommand(act))
    .addCommand(publishDraftCommand(act))
    .addCommand(
      clientCommand('media', lines('gửi âm thanh, hình ảnh', 'send recordings and pictures'))
        .argument('<files...>')
        .action((files, options) => act(options, (client, output) => sendMedia(client, output, files))),
    )
    .addCommand(
      lookCommand('drafts', 'bản thảo đang chờ ký', 'drafts waiting for signatures', act, listDrafts),
    )
    .addCommand(
      lookCommand('documents', 'văn bản đang có hiệu lực', 'published documents', act, showDocuments),
    )
    .addCommand(getCommand(act))
    .addCommand(
      lookCommand(
        'fleet',
        'các hộp: cần gì, có gì, đang làm gì',
        'boxes: wanted, held, doing',
        act,
        showFleet,
      ),
    )
    .addCommand(
      lookCommand('breaks', 'chỗ đứt trong nhật ký', 'breaks in the chains of records', act, showBreaks),
    )
    .addCommand(recordsCommand(act));
}

type Act = (options: ClientOptions, job: Job) => Promise<void>;

const lookCommand = (name: string, vi: string, en: string, act: Act, job: Job) =>
  clientCommand(name, lines(vi, en)).action((options) => act(options, job));

const publishCommand = (
  name: string,
  vi: string,
  en: string,
  act: Act,
  job: (client: Client, output: Output, files: readonly string[]) => Promise<number>,
) =>
  clientCommand(name, lines(vi, en))
    .argument(
      '<files...>',
      lines('tệp từ loa-sign; thứ tự tự sắp', 'files from loa-sign, sorted by themselves'),
    )
    .action((files, options) => act(options, (client, output) => job(client, output, files)));

const draftCommand = (act: Act) =>
  clientCommand('draft', lines('đưa bản thảo lên để mọi người ký', 'put up a draft for people to sign'))
    .argument('<file>', lines('tệp JSON chưa ký', 'unsigned JSON file'))
    .action((file, options) => act(options, (client, output) => draftFile(client, output, file)));

const collectCommand = (act: Act) =>
  clientCommand(
    'collect',
    lines('nộp chữ ký; đủ người thì ban hành', 'hand in signatures; live when enough have signed'),
  )
    .argument('<file>', lines('tệp từ loa-sign', 'file from loa-sign'))
    .action((file, options) => act(options, (client, output) => collectFile(client, output, file)));

const publishDraftCommand = (act: Act) =>
  clientCommand(
    'publish-draft',
    lines('thử ban hành lại bản thảo đã đủ chữ ký', 'try again to publish a signed draft'),
  )
    .argument('<digest>', lines('mã của bản thảo', 'digest of the draft'))
    .action((digest, options) => act(options, (client, output) => publishDraft(client, output, digest)));

const getCommand = (act: Act) =>
  clientCommand(
    'get',
    lines('lấy văn bản, bản thảo về cho loa-sign', 'fetch a document or draft for loa-sign'),
  )
    .argument(
      '<name>',
      lines('mã văn bản, mã bản thảo hoặc trust/N', "a document's id, a draft's digest or trust/N"),
    )
    .option('--out <file>', lines('mặc định: theo mã', 'by default after the name'))
    .action((name, { out, ...options }) =>
      act(options, (client, output) => getFile(client, output, { name, out })),
    );

const recordsCommand = (act: Act) =>
  clientCommand('records', lines('nhật ký phát của các hộp, mới nhất trước', 'as-run records, newest first'))
    .option('--box <dev>', lines('chỉ hộp này', 'of this box only'))
    .option('--since <time>', lines('nhận từ lúc này (ISO 8601)', 'received since (ISO 8601)'), instant)
    .option('--limit <count>', lines('bao nhiêu (1–1000)', 'how many (1–1000)'), count, '50')
    .action((options) => act(options, (client, output) => showRecords(client, output, options)));

function instant(value: string): string {
  if (!Number.isNaN(Date.parse(value))) return value;
  throw new InvalidArgumentError('Ví dụ · for example: 2026-11-23T05:00:00+07:00');
}

function count(value: string): string {
  if (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 1000) return value;
  throw new InvalidArgumentError('Cần một số từ 1 đến 1000 · a number from 1 to 1000 is needed');
}

const serveCommand = (end: End) =>
  new Command('serve')
    .summary(lines('chạy máy chủ', 'run the server'))
    .option('--config <file>', lines('tệp cấu hình', 'configuration file'), 'loa-cloud.json')
    .action(async ({ config }) => {
      end(await serve(config));
    });

const headKeyCommand = (streams: Streams, end: End) =>
  new Command('head-key')
    .summary(
      lines(
        'khóa công khai của máy chủ, để lễ ký cấp quyền',
        "the server's public key, for the trust ceremony",
      ),
    )
    .requiredOption('--folder <folder>', lines('thư mục dữ liệu', 'data folder, as in the configuration'))
    .option('--holder <name>', lines('tên trong bản tin cậy', 'name in the trust'), 'Máy chủ tỉnh')
    .action(({ folder, holder }) => {
      end(showHeadKey({ json: true, ...streams }, folder, holder));
    });
