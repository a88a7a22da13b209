/** Orders as an officer says them, put into the shape of a draft (protocol.md §2). */
import type { Order } from '../shared/protocol/schema/documents.ts';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

/** Kinds that can be said in a line; a live order carries a key and comes as a JSON draft. */
export const SPOKEN_KINDS = ['alert', 'clear', 'stop', 'halt', 'template', 'test'] as const;

/** `template` as `56:3`, item 3 of `templates:56`; `lifeS` null: half an hour, or less where the grant says so. */
export type SpokenOrder = {
  readonly kind: (typeof SPOKEN_KINDS)[number];
  readonly scope: readonly string[];
  readonly template: string | null;
  readonly plays: number;
  readonly repeatS: number | null;
  readonly text: string | null;
  readonly ends: readonly string[];
  readonly lifeS: number | null;
};

type Template = { readonly area: string; readonly n: number };

/** The template that an order plays; null if none. */
export const templatePlayOf = ({ play }: Order): Template | null =>
  play !== null && 'template' in play ? play.template : null;

/** A friendly draft for `fillDraft`; `now` in UTC seconds. */
export function orderDraft(spoken: SpokenOrder, now: number): Outcome<object> {
  const template = spoken.template === null ? null : templateNamed(spoken.template);
  if (template !== null && !template.ok) return template;
  const scope = spoken.scope.length > 0 ? spoken.scope : template === null ? [] : [template.value.area];
  if (scope.length === 0) {
    return refused('Thiếu --scope: lệnh dành cho nơi nào?', 'Where is the order for? Give --scope.');
  }
  return done({
    typ: 'order',
    kind: spoken.kind,
    scope,
    play: template === null ? null : { template: template.value },
    plays: spoken.plays,
    repeatS: spoken.repeatS,
    text: spoken.text,
    ends: spoken.ends,
    ...(spoken.lifeS === null ? {} : { iat: now, exp: now + spoken.lifeS }),
  });
}

function templateNamed(name: string): Outcome<Template> {
  const match = /^([0-9a-z.]+):(\d{1,3})$/.exec(name);
  return match?.[1] === undefined
    ? refused(`Mẫu viết dạng 56:3, không phải "${name}".`, `A template is written like 56:3, not "${name}".`)
    : done({ area: match[1], n: Number(match[2]) });
}
