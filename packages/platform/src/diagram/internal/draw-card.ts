import type { Canvas, Rectangle } from './canvas.js';
import { type Category, FAINT, PALETTE, PAPER } from './palette.js';
import { PICTOGRAMS, type Pictogram } from './pictograms.js';

export interface Card {
  readonly category: Category;
  readonly pictogram: Pictogram;
  readonly title: string;
  /** At most two. */
  readonly lines: readonly string[];
}

/** A box with a pictogram, a title and up to two lines. */
export function drawCard(canvas: Canvas, area: Rectangle, card: Card): void {
  const { ink, paint } = PALETTE[card.category];
  const badge = { x: area.x + 10, y: area.y + area.height / 2 - 18, width: 36, height: 36 };
  const textX = badge.x + badge.width + 10;
  const maxWidth = area.x + area.width - 8 - textX;
  canvas.box(area, { stroke: ink, fill: PAPER });
  canvas.box(badge, { stroke: paint, fill: paint, radius: 7 });
  canvas.mark(PICTOGRAMS[card.pictogram], badge.x + 6, badge.y + 6, 24, ink);
  const lines = card.lines.slice(0, 2);
  let baseline = area.y + area.height / 2 + 4.5 - lines.length * 7.5;
  canvas.text(card.title, textX, baseline, { size: 12.5, weight: 'bold', fill: ink, maxWidth });
  for (const line of lines) {
    baseline += 15;
    canvas.text(line, textX, baseline, { size: 11, fill: FAINT, maxWidth });
  }
}
