/** Who is in the demo, what happens when, and what must therefore be heard: seconds after its first instant. */
import { ADDED, ALERT, SPOKEN, WARNING } from './programmes.ts';
import type { Spoken } from './programmes.ts';

export type Box = {
  readonly name: string;
  readonly area: string;
  readonly kind: 'speaker' | 'board';
};

/** Three loudspeakers and a board in three communes of Khánh Hòa. */
export const BOXES: readonly Box[] = [
  { name: 'loa-nha-trang', area: '56.22366', kind: 'speaker' },
  { name: 'loa-cam-ranh', area: '56.22420', kind: 'speaker' },
  { name: 'loa-ninh-hoa', area: '56.22528', kind: 'speaker' },
  { name: 'bang-nha-trang', area: '56.22366', kind: 'board' },
];

export const PLACES: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  '56': { vi: 'Tỉnh Khánh Hòa', en: 'Khánh Hòa province' },
  '56.22366': { vi: 'Phường Nha Trang', en: 'Nha Trang ward' },
  '56.22420': { vi: 'Phường Cam Ranh', en: 'Cam Ranh ward' },
  '56.22528': { vi: 'Phường Ninh Hòa', en: 'Ninh Hòa ward' },
};

/** The box whose cable is pulled, and the box on whose line somebody changes a document. */
export const CUT_BOX = 'loa-cam-ranh';
export const TAMPERED_BOX = 'loa-ninh-hoa';

export const EVENTS = {
  cutS: 28,
  tamperS: 50,
  honestS: 62,
  warningS: 74,
  mendS: 86,
  alertS: 110,
  endS: 174,
} as const;

/** A sound that must come out of one box, and nothing else may. */
export type Expected = {
  readonly box: string;
  readonly title: string;
  readonly fromS: number;
  readonly toS: number;
  /** Begins when an order reaches the box, not on an instant of a plan. */
  readonly isPushed: boolean;
};

/** What each loudspeaker must sound, by the plans and the events alone. */
export function expectedSounds(): readonly Expected[] {
  return BOXES.filter(({ kind }) => kind === 'speaker').flatMap((box) => [
    ...[...SPOKEN, ADDED]
      .filter(({ area }) => area === box.area || area === '56')
      .flatMap((each) => parts(box, each)),
    ...(WARNING.scope.some((area) => area === box.area)
      ? [pushed(box, WARNING.title, EVENTS.warningS, WARNING.lengthS)]
      : []),
    pushed(box, ALERT.text, EVENTS.alertS, ALERT.lengthS),
  ]);
}

function pushed({ name }: Box, title: string, fromS: number, lengthS: number): Expected {
  return { box: name, title, fromS, toS: fromS + lengthS, isPushed: true };
}

/** The alert cuts what sounds; afterwards it goes on to the end of its window. */
function parts({ name }: Box, { title, atS, lengthS }: Spoken): Expected[] {
  const endS = atS + lengthS;
  const alertEndS = EVENTS.alertS + ALERT.lengthS;
  const whole = { box: name, title, fromS: atS, toS: endS, isPushed: false };
  if (atS >= alertEndS || endS <= EVENTS.alertS) return [whole];
  return [
    { ...whole, toS: EVENTS.alertS },
    { ...whole, fromS: alertEndS, isPushed: true },
  ];
}
