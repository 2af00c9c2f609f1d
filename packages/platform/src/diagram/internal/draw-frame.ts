import type { ArchitectureModel } from '../architecture-model.js';
import { type Canvas, LABEL } from './canvas.js';
import { type Layout, MARGIN } from './layout.js';
import { type Category, EDGE, FAINT, PALETTE, PAPER } from './palette.js';
import { textWidth } from './text-width.js';

/** Title, cost, legend, and the masters that have no row of their own. */
export function drawFrame(canvas: Canvas, model: ArchitectureModel, layout: Layout): void {
  const { zones } = model.network;
  const half = (layout.width - 2 * MARGIN) / 2 - 20;
  canvas.text(`Jenkins platform ${model.platform}`, MARGIN, MARGIN + 24, { size: 24, weight: 'bold', maxWidth: half });
  const facts = [
    model.region,
    `${zones.length} availability zones`,
    `${model.masters.length} ${model.masters.length === 1 ? 'master' : 'masters'}`,
    `Jenkins ${[...new Set(model.masters.map((master) => master.jenkinsVersion))].join(', ')}`,
  ];
  canvas.text(facts.join('  ·  '), MARGIN, MARGIN + 48, { size: 13, fill: FAINT, maxWidth: half });
  if (model.monthlyCostUsd !== undefined) {
    const right = { anchor: 'end', maxWidth: half } as const;
    canvas.text(costText(model.monthlyCostUsd), layout.width - MARGIN, MARGIN + 24, {
      size: 20,
      weight: 'bold',
      ...right,
    });
    canvas.text(model.costNote ?? '', layout.width - MARGIN, MARGIN + 48, { size: 12, fill: FAINT, ...right });
  }
  drawMore(canvas, model, layout);
  drawLegend(canvas, layout);
}

export function costText(monthlyCostUsd: number): string {
  const [whole = '', cents = ''] = monthlyCostUsd.toFixed(2).split('.');
  return `$${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${cents} a month`;
}

function drawMore(canvas: Canvas, model: ArchitectureModel, { more, masters }: Layout): void {
  if (more === undefined) return;
  const others = model.masters.slice(masters.length);
  canvas.box(more, { stroke: EDGE, fill: PAPER, dash: '3 4' });
  const title = `and ${others.length} more ${others.length === 1 ? 'master' : 'masters'}, each with a balancer, group and home of its own`;
  canvas.text(title, more.x + 14, more.y + 24, { size: 12.5, weight: 'bold', fill: FAINT, maxWidth: more.width - 28 });
  canvas.text(others.map((master) => master.name).join(', '), more.x + 14, more.y + 42, {
    ...LABEL,
    maxWidth: more.width - 28,
  });
}

const CATEGORIES: readonly (readonly [Category, string])[] = [
  ['people', 'people'],
  ['network', 'network'],
  ['entry', 'way in'],
  ['compute', 'controller'],
  ['storage', 'storage'],
  ['watch', 'monitoring and access'],
];

function drawLegend(canvas: Canvas, layout: Layout): void {
  let x = MARGIN;
  const y = layout.legendY;
  const entry = (label: string): void => {
    canvas.text(label, x, y + 18, LABEL);
    x += textWidth(label, 11) + 24;
  };
  for (const [category, label] of CATEGORIES) {
    const { ink, paint } = PALETTE[category];
    canvas.box({ x, y: y + 6, width: 22, height: 15 }, { stroke: ink, fill: paint, radius: 4 });
    x += 30;
    entry(label);
  }
  canvas.line(
    [
      [x, y + 14],
      [x + 36, y + 14],
    ],
    { stroke: FAINT },
  );
  x += 46;
  entry('connection');
  canvas.line(
    [
      [x, y + 14],
      [x + 36, y + 14],
    ],
    { stroke: FAINT, dash: '5 4' },
  );
  x += 46;
  entry('metrics, names');
  canvas.box({ x, y: y + 6, width: 22, height: 15 }, { stroke: EDGE, fill: 'none', dash: '3 4', radius: 4 });
  x += 30;
  entry('where else the one controller can start');
  const note =
    'The controller is drawn in one zone as an example: Auto Scaling chooses the zone, and its home is reachable from each.';
  canvas.text(note, MARGIN, y + 46, { ...LABEL, maxWidth: layout.width - 2 * MARGIN });
}
