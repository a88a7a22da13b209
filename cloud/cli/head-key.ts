/** `loa-cloud head-key`: the public half of the server's key, in the form that the trust ceremony takes. */
import { mkdirSync } from 'node:fs';
import { filesIn } from '../app.ts';
import { openHeadKey } from '../head/key.ts';
import { printJson } from './output.ts';
import type { Output } from './output.ts';
import { EXIT } from './ended.ts';
import type { Exit } from './ended.ts';

/** Makes the key where there is none. The folder is the `folder` of the configuration. */
export function showHeadKey(output: Output, folder: string, holder: string): Exit {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const { kid, publicJwk } = openHeadKey(filesIn(folder).headKey);
  printJson(output, { holder, jwk: publicJwk, kid });
  return EXIT.done;
}
