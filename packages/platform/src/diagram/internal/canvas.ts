import { FAINT, PAPER, TEXT } from './palette.js';
import { fitText, textWidth, type Weight } from './text-width.js';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A text as it was placed, to prove that no two lie upon each other. */
export interface PlacedText extends Rectangle {
  readonly text: string;
}

export type Point = readonly [x: number, y: number];

export interface BoxStyle {
  readonly stroke: string;
  readonly fill: string;
  readonly radius?: number;
  readonly dash?: string;
  readonly strokeWidth?: number;
}

export interface TextStyle {
  readonly size?: number;
  readonly weight?: Weight;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Longer text is cut with `…`, its full form in a tooltip. Default: it may be as long as it is. */
  readonly maxWidth?: number;
  /** From bottom to top, around its middle. */
  readonly isUpright?: boolean;
}

export interface LineStyle {
  readonly stroke: string;
  readonly dash?: string;
  /** Default: an arrow head at the end. */
  readonly heads?: 'end' | 'both' | 'none';
}

const FONT = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";
const HEAD = { length: 9, half: 4.5 } as const;

/** Collects what is drawn, boxes under lines under marks and texts. */
export class Canvas {
  readonly texts: PlacedText[] = [];
  readonly lines: (readonly Point[])[] = [];
  readonly #boxes: string[] = [];
  readonly #strokes: string[] = [];
  readonly #marks: string[] = [];

  box(area: Rectangle, style: BoxStyle): void {
    const dash = style.dash === undefined ? '' : ` stroke-dasharray="${style.dash}"`;
    this.#boxes.push(
      `<rect x="${n(area.x)}" y="${n(area.y)}" width="${n(area.width)}" height="${n(area.height)}" rx="${style.radius ?? 8}" fill="${style.fill}" stroke="${style.stroke}" stroke-width="${style.strokeWidth ?? 1.25}"${dash}/>`,
    );
  }

  text(content: string, x: number, baseline: number, style: TextStyle = {}): void {
    const { size = 12, weight = 'regular', fill = TEXT, isUpright = false } = style;
    const { anchor = 'start', maxWidth = Number.POSITIVE_INFINITY } = style;
    const shown = fitText(content, maxWidth, size, weight);
    const width = textWidth(shown, size, weight);
    const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
    const area = isUpright
      ? { x: x - size * 0.78, y: baseline - width / 2, width: size, height: width }
      : { x: left, y: baseline - size * 0.78, width, height: size };
    this.texts.push({ text: shown, ...area });
    const turn = isUpright ? ` transform="rotate(-90 ${n(x)} ${n(baseline)})"` : '';
    const bold = weight === 'bold' ? ' font-weight="700"' : '';
    const side = anchor === 'start' && !isUpright ? '' : ` text-anchor="${isUpright ? 'middle' : anchor}"`;
    const full = shown === content ? '' : `<title>${escapeXml(content)}</title>`;
    this.#marks.push(
      `<text x="${n(x)}" y="${n(baseline)}" font-size="${size}"${bold} fill="${fill}"${side}${turn}>${full}${escapeXml(shown)}</text>`,
    );
  }

  /** A path of straight pieces with an arrow head of its own: not every viewer draws markers. */
  line(points: readonly Point[], style: LineStyle): void {
    const heads = style.heads ?? 'end';
    this.lines.push(points);
    const dash = style.dash === undefined ? '' : ` stroke-dasharray="${style.dash}"`;
    const ends = [...points];
    if (heads !== 'none') this.#pointAt(ends, ends.length - 1, ends.length - 2, style.stroke);
    if (heads === 'both') this.#pointAt(ends, 0, 1, style.stroke);
    const path = ends.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('');
    this.#strokes.push(
      `<path d="${path}" fill="none" stroke="${style.stroke}" stroke-width="1.6" stroke-linejoin="round"${dash}/>`,
    );
  }

  /** A pictogram: SVG content drawn in a square of 24. */
  mark(content: string, x: number, y: number, size: number, ink: string): void {
    this.#marks.push(
      `<g transform="translate(${n(x)} ${n(y)}) scale(${n(size / 24)})" fill="none" stroke="${ink}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${content}</g>`,
    );
  }

  toSvg(width: number, height: number, title: string, description: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" role="img" aria-labelledby="architecture-title architecture-description" font-family="${FONT}">`,
      `<title id="architecture-title">${escapeXml(title)}</title>`,
      `<desc id="architecture-description">${escapeXml(description)}</desc>`,
      `<rect width="${n(width)}" height="${n(height)}" fill="${PAPER}"/>`,
      ...this.#boxes,
      ...this.#strokes,
      ...this.#marks,
      '</svg>',
      '',
    ].join('\n');
  }

  #pointAt(points: Point[], tip: number, from: number, ink: string): void {
    const [x, y] = points[tip] ?? [0, 0];
    const [fromX, fromY] = points[from] ?? [0, 0];
    const length = Math.hypot(x - fromX, y - fromY) || 1;
    const [stepX, stepY] = [(x - fromX) / length, (y - fromY) / length];
    const [baseX, baseY] = [x - stepX * HEAD.length, y - stepY * HEAD.length];
    const corners: Point[] = [
      [x, y],
      [baseX - stepY * HEAD.half, baseY + stepX * HEAD.half],
      [baseX + stepY * HEAD.half, baseY - stepX * HEAD.half],
    ];
    this.#strokes.push(`<polygon points="${corners.map(([a, b]) => `${n(a)},${n(b)}`).join(' ')}" fill="${ink}"/>`);
    points[tip] = [baseX, baseY];
  }
}

export const LABEL: TextStyle = { size: 11, fill: FAINT };

/** Two decimals at most, so that the same model gives the same bytes everywhere. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  // Control characters and halves of a pair: XML cannot hold them in any form.
  const holdable = text.replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd');
  return holdable.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
