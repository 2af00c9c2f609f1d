/** Advance widths of Helvetica and Arial in thousandths of the font size; viewers have one of them or its metric twin. */
const WIDTHS: readonly (readonly [number, string])[] = [
  [191, "'"],
  [222, 'ijl'],
  [278, ' !,./:;I[\\]ft'],
  [333, '()-`r'],
  [355, '"*{|}'],
  [500, 'Jckstvxyz'],
  [584, '+<=>~^'],
  [611, 'FTZ'],
  [667, '&ABEKPSVXY'],
  [722, 'CDHNRUw'],
  [778, 'GOQ'],
  [833, 'Mm'],
  [889, '%'],
  [944, 'W'],
  [1015, '@…'],
];
const BY_CHARACTER = new Map(
  WIDTHS.flatMap(([width, characters]) => [...characters].map((each) => [each, width] as const)),
);
/** Digits, most lower-case letters, and what is not in the table. */
const USUAL = 556;
const FULL = 1000;
const FIRST_FULL_WIDTH = 0x1100;
/** Bold letters are wider; and better a little room too much than two texts in one place. */
const SPARE = { regular: 1.03, bold: 1.1 } as const;

export type Weight = keyof typeof SPARE;

/** The width of one line in pixels, at most a few per cent more than what a viewer draws. */
export function textWidth(text: string, size: number, weight: Weight = 'regular'): number {
  let thousandths = 0;
  for (const character of text) {
    const isFull = (character.codePointAt(0) ?? 0) >= FIRST_FULL_WIDTH;
    thousandths += BY_CHARACTER.get(character) ?? (isFull ? FULL : USUAL);
  }
  return (thousandths / 1000) * size * SPARE[weight];
}

/** The text, or as much of its start as fits, with `…`. */
export function fitText(text: string, maxWidth: number, size: number, weight: Weight = 'regular'): string {
  if (textWidth(text, size, weight) <= maxWidth) return text;
  const characters = [...text];
  while (characters.length > 0) {
    characters.pop();
    const shorter = `${characters.join('').trimEnd()}…`;
    if (textWidth(shorter, size, weight) <= maxWidth) return shorter;
  }
  return '…';
}
