import type { ArchitectureModel } from '../architecture-model.js';
import { type Canvas, LABEL } from './canvas.js';
import { drawCard } from './draw-card.js';
import { CARD_HEIGHT, type Layout } from './layout.js';
import { EDGE, FAINT, PALETTE, PAPER } from './palette.js';
import { PICTOGRAMS } from './pictograms.js';

const NAT_CENTER = 46;

/** Region, VPC, a column for each zone with its two subnets, the way out. */
export function drawNetwork(canvas: Canvas, model: ArchitectureModel, layout: Layout): void {
  const { region, vpc } = layout;
  const network = PALETTE.network;
  canvas.box(region, { stroke: EDGE, fill: '#fbfcfe', radius: 12, strokeWidth: 1.5 });
  canvas.text(`Region ${model.region}`, region.x + 18, region.y + 25, { size: 14, weight: 'bold', fill: FAINT });
  canvas.box(vpc, { stroke: network.ink, fill: PAPER, radius: 10, strokeWidth: 1.8 });
  canvas.text(`VPC ${model.network.cidr}`, vpc.x + 46, vpc.y + 26, { size: 14, weight: 'bold', fill: network.ink });
  drawZones(canvas, layout);
  drawOutbound(canvas, layout);
}

function drawZones(canvas: Canvas, layout: Layout): void {
  const nat = layout.zones.find(({ zone }) => zone.hasNatGateway)?.zone;
  for (const { zone, column, publicSubnet, privateSubnet } of layout.zones) {
    canvas.box(column, { stroke: EDGE, fill: 'none', dash: '5 4', radius: 8 });
    canvas.text(zone.name, column.x + column.width / 2, column.y + 20, {
      size: 12.5,
      weight: 'bold',
      fill: FAINT,
      anchor: 'middle',
      maxWidth: column.width - 20,
    });
    const green = PALETTE.publicSubnet;
    const blue = PALETTE.privateSubnet;
    canvas.box(publicSubnet, { stroke: green.ink, fill: green.paint, radius: 6 });
    canvas.text('Public subnet', publicSubnet.x + 12, publicSubnet.y + 22, {
      size: 12,
      weight: 'bold',
      fill: green.ink,
    });
    canvas.text(zone.publicCidr, publicSubnet.x + 12, publicSubnet.y + 38, {
      size: 11.5,
      fill: green.ink,
      maxWidth: publicSubnet.width - 100,
    });
    canvas.box(privateSubnet, { stroke: blue.ink, fill: blue.paint, radius: 6 });
    canvas.text('Private subnet', privateSubnet.x + 12, privateSubnet.y + 22, {
      size: 12,
      weight: 'bold',
      fill: blue.ink,
    });
    canvas.text(zone.privateCidr, privateSubnet.x + 12, privateSubnet.y + 38, {
      size: 11.5,
      fill: blue.ink,
      maxWidth: privateSubnet.width - 24,
    });
    const wayOut = zone.hasNatGateway ? 'its NAT gateway' : `NAT in ${nat?.name ?? ''}`;
    const route = nat === undefined ? 'no route to the internet' : `out by ${wayOut}`;
    canvas.text(route, privateSubnet.x + 12, privateSubnet.y + 53, { ...LABEL, maxWidth: privateSubnet.width - 24 });
  }
}

/** NAT gateways → internet gateway → the internet, and the S3 gateway endpoint's counterpart on the other side. */
function drawOutbound(canvas: Canvas, layout: Layout): void {
  const { vpc, zones, outboundY, leftRail } = layout;
  const { ink, paint } = PALETTE.network;
  const natZones = zones.filter(({ zone }) => zone.hasNatGateway);
  const entries = layout.masters
    .filter(({ master }) => master.scheme === 'internet-facing')
    .map(({ balancer }) => balancer);
  const bottom = Math.max(outboundY + 124, ...entries.map((area) => area.y + area.height));
  const gateway = { x: vpc.x - 17, y: outboundY - 20, width: 34, height: bottom - outboundY + 20 };
  canvas.box(gateway, { stroke: ink, fill: paint, radius: 17, strokeWidth: 1.6 });
  canvas.mark(PICTOGRAMS.gateway, vpc.x - 11, gateway.y + 8, 22, ink);
  canvas.text('Internet gateway', vpc.x + 4, outboundY + 68, {
    size: 11.5,
    weight: 'bold',
    fill: ink,
    isUpright: true,
  });

  for (const { publicSubnet } of natZones) {
    const x = publicSubnet.x + publicSubnet.width - NAT_CENTER;
    canvas.box({ x: x - 16, y: publicSubnet.y + 8, width: 32, height: 30 }, { stroke: ink, fill: PAPER, radius: 6 });
    canvas.mark(PICTOGRAMS.nat, x - 11, publicSubnet.y + 12, 22, ink);
    canvas.text('NAT gateway', x, publicSubnet.y + 52, { size: 11, fill: ink, anchor: 'middle' });
  }
  if (natZones.length === 0) return;
  const last = Math.max(...natZones.map(({ publicSubnet }) => publicSubnet.x + publicSubnet.width - NAT_CENTER));
  for (const { publicSubnet } of natZones) {
    const x = publicSubnet.x + publicSubnet.width - NAT_CENTER;
    if (x !== last)
      canvas.line(
        [
          [x, publicSubnet.y + 8],
          [x, outboundY],
        ],
        { stroke: ink, heads: 'none' },
      );
  }
  const top = natZones[0]?.publicSubnet.y ?? outboundY;
  canvas.line(
    [
      [last, top + 8],
      [last, outboundY],
      [gateway.x + gateway.width, outboundY],
    ],
    { stroke: ink },
  );
  const internet = { x: leftRail.x, y: outboundY - CARD_HEIGHT / 2, width: leftRail.width, height: CARD_HEIGHT };
  drawCard(canvas, internet, {
    category: 'network',
    pictogram: 'internet',
    title: 'The internet',
    lines: ['packages, plugins,', 'AWS APIs'],
  });
  canvas.line(
    [
      [gateway.x, outboundY],
      [internet.x + internet.width, outboundY],
    ],
    { stroke: ink },
  );
  canvas.text('out, 443', internet.x + internet.width + 46, outboundY - 7, { ...LABEL, anchor: 'middle' });
}
