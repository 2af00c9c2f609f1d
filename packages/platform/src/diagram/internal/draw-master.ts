import type { ArchitectureMaster } from '../architecture-model.js';
import { type Canvas, LABEL, type Rectangle } from './canvas.js';
import { drawCard } from './draw-card.js';
import { ARROW_ROOM, CARD_HEIGHT, type Layout, type MasterLayout, SUBNET_PAD } from './layout.js';
import { EDGE, FAINT, PALETTE, PAPER } from './palette.js';
import { PICTOGRAMS } from './pictograms.js';

/** One master from its people to its home. */
export function drawMaster(canvas: Canvas, layout: Layout, placed: MasterLayout): void {
  drawPeople(canvas, layout, placed);
  drawBalancer(canvas, placed);
  drawConnector(canvas, placed);
  drawGroup(canvas, layout, placed);
  drawHome(canvas, layout, placed);
}

export function portOf(master: ArchitectureMaster): string {
  return master.listener === 'https' ? 'HTTPS 443' : 'HTTP 80';
}

function drawPeople(canvas: Canvas, layout: Layout, { master, balancer }: MasterLayout): void {
  const { leftRail, vpc, region } = layout;
  const y = balancer.y + balancer.height / 2;
  const [first, second, ...others] = master.allowedCidrs;
  const ranges = [first, others.length > 0 ? `${second}, +${others.length}` : second].filter(
    (line) => line !== undefined,
  );
  const area = { x: leftRail.x, y: y - CARD_HEIGHT / 2, width: leftRail.width, height: CARD_HEIGHT };
  const lines = ranges.length > 0 ? ranges : ['no range is allowed'];
  drawCard(canvas, area, { category: 'people', pictogram: 'people', title: `Users of ${master.name}`, lines });
  const from = leftRail.x + leftRail.width;
  const { ink: stroke } = PALETTE.people;
  canvas.text(portOf(master), (from + region.x) / 2, y - 7, { ...LABEL, anchor: 'middle' });
  if (master.scheme === 'internal') {
    canvas.text('private network', (from + region.x) / 2, y + 16, { ...LABEL, anchor: 'middle' });
    canvas.line(
      [
        [from, y],
        [balancer.x, y],
      ],
      { stroke },
    );
    return;
  }
  canvas.line(
    [
      [from, y],
      [vpc.x - 17, y],
    ],
    { stroke, heads: 'none' },
  );
  canvas.line(
    [
      [vpc.x + 17, y],
      [balancer.x, y],
    ],
    { stroke },
  );
}

function drawBalancer(canvas: Canvas, { master, balancer }: MasterLayout): void {
  const { ink, paint } = PALETTE.entry;
  canvas.box(balancer, { stroke: ink, fill: paint, strokeWidth: 1.6 });
  canvas.mark(PICTOGRAMS.balancer, balancer.x + 14, balancer.y + 15, 26, ink);
  const textX = balancer.x + 54;
  const isTls = master.listener === 'https';
  const right = balancer.x + balancer.width - (isTls ? 50 : 14);
  const kind = `${master.name}: ${master.scheme} load balancer, ${portOf(master)}`;
  canvas.text(kind, textX, balancer.y + 24, { size: 12.5, weight: 'bold', fill: ink, maxWidth: right - textX });
  canvas.text(master.url, textX, balancer.y + 41, { size: 11.5, maxWidth: right - textX });
  if (isTls) canvas.mark(PICTOGRAMS.lock, right + 10, balancer.y + 16, 24, ink);
}

function drawConnector(canvas: Canvas, { master, balancer, group, connectorX, isStraight }: MasterLayout): void {
  const { ink: stroke } = PALETTE.entry;
  if (isStraight) {
    canvas.line(
      [
        [connectorX, balancer.y + balancer.height],
        [connectorX, group.y],
      ],
      { stroke },
    );
    const pad = master.scheme === 'internal' ? 0 : SUBNET_PAD;
    canvas.text('HTTP 8080', connectorX + 15, balancer.y + balancer.height + pad + ARROW_ROOM / 2 + 4, LABEL);
    return;
  }
  const start = balancer.y + balancer.height / 2;
  const end = group.y + group.height / 2;
  const right = balancer.x + balancer.width;
  canvas.line(
    [
      [right, start],
      [connectorX, start],
      [connectorX, end],
      [right, end],
    ],
    { stroke },
  );
  canvas.text('HTTP 8080', right + 17, end - 7, LABEL);
}

function drawGroup(canvas: Canvas, layout: Layout, { master, group, currentZone }: MasterLayout): void {
  const { ink, paint } = PALETTE.compute;
  canvas.box(group, { stroke: ink, fill: paint, dash: '7 4', strokeWidth: 1.6 });
  const title = `${master.name}: Auto Scaling group of exactly one`;
  canvas.text(title, group.x + 14, group.y + 22, { size: 12.5, weight: 'bold', fill: ink, maxWidth: group.width - 28 });
  layout.zones.forEach((_, index) => {
    const tile = tileOf(layout, index, group.y + 34, group.height - 44);
    if (index !== currentZone) {
      canvas.box(tile, { stroke: EDGE, fill: 'none', dash: '3 4', radius: 6 });
      canvas.mark(PICTOGRAMS.server, tile.x + 12, tile.y + tile.height / 2 - 13, 26, EDGE);
      canvas.text('can start here', tile.x + 48, tile.y + tile.height / 2 + 4, { ...LABEL, maxWidth: tile.width - 56 });
      return;
    }
    canvas.box(tile, { stroke: ink, fill: PAPER, radius: 6, strokeWidth: 1.8 });
    canvas.mark(PICTOGRAMS.server, tile.x + 12, tile.y + tile.height / 2 - 13, 26, ink);
    const style = { fill: FAINT, size: 11, maxWidth: tile.width - 56 };
    canvas.text('Controller', tile.x + 48, tile.y + 20, { ...style, size: 12.5, weight: 'bold', fill: ink });
    canvas.text(`Jenkins ${master.jenkinsVersion}`, tile.x + 48, tile.y + 36, style);
    canvas.text(master.instanceType, tile.x + 48, tile.y + 51, style);
  });
}

function drawHome(canvas: Canvas, layout: Layout, { master, group, home, currentZone }: MasterLayout): void {
  const { ink, paint } = PALETTE.storage;
  canvas.box(home, { stroke: ink, fill: paint, strokeWidth: 1.6 });
  // Below its mount targets, where no arrow runs over it.
  canvas.mark(PICTOGRAMS.files, home.x + 13, home.y + 49, 22, ink);
  const title = `${master.name}: home on EFS, encrypted, ${master.homeThroughput} throughput`;
  const style = { size: 12.5, weight: 'bold', fill: ink, maxWidth: home.width - 57 } as const;
  canvas.text(title, home.x + 43, home.y + 64, style);
  layout.zones.forEach((_, index) => {
    const tile = tileOf(layout, index, home.y + 10, home.height - 44);
    canvas.box(tile, { stroke: ink, fill: PAPER, radius: 6 });
    canvas.mark(PICTOGRAMS.mount, tile.x + 14, tile.y + tile.height / 2 - 11, 22, ink);
    canvas.text('Mount target', tile.x + 48, tile.y + tile.height / 2 + 4, {
      size: 11.5,
      fill: ink,
      maxWidth: tile.width - 56,
    });
  });
  const current = tileOf(layout, currentZone, 0, 0);
  const x = current.x + 25;
  canvas.line(
    [
      [x, group.y + group.height - 10],
      [x, home.y + 10],
    ],
    { stroke: ink },
  );
  canvas.text('NFS over TLS, 2049', x + 14, group.y + group.height + 22, LABEL);
}

function tileOf(layout: Layout, zone: number, y: number, height: number): Rectangle {
  const subnet = layout.zones[zone]?.privateSubnet ?? layout.vpc;
  return { x: subnet.x + 20, y, width: subnet.width - 40, height };
}
