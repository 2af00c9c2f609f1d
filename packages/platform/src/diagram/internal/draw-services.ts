import type { ArchitectureModel } from '../architecture-model.js';
import { type Canvas, LABEL, type Rectangle } from './canvas.js';
import { type Card, drawCard } from './draw-card.js';
import { CARD_HEIGHT, type Layout } from './layout.js';
import { PALETTE } from './palette.js';
import { PICTOGRAMS } from './pictograms.js';

interface Service extends Card {
  /** On the line between VPC and card. */
  readonly label: string;
  /** From the VPC to the service, from it, or through an endpoint on the VPC's edge. */
  readonly way: 'out' | 'in' | 'endpoint' | 'none';
  readonly dash?: string;
  /** Who is on the far side, outside the region. */
  readonly outside?: Card & { readonly way: 'out' | 'in' };
}

const GAP = 26;
const MOST_GAP = 56;
const DASH = '5 4';

/** What stands beside the VPC in the region, in the order of the picture. */
export function servicesOf(model: ArchitectureModel): readonly Service[] {
  const domains = model.masters
    .filter((master) => master.listener === 'https')
    .flatMap((master) => master.domainName ?? []);
  const alarms = model.masters.reduce((sum, master) => sum + master.alarmCount, 0);
  const addresses = [...new Set(model.masters.flatMap((master) => master.notify ?? []))];
  const naming: Service[] =
    domains.length === 0
      ? []
      : [
          {
            category: 'entry',
            pictogram: 'name',
            title: 'Route 53, ACM',
            lines: firstTwo(domains),
            label: 'name, certificate',
            way: 'in',
            dash: DASH,
          },
        ];
  const bucket: Service[] = model.network.s3Endpoint
    ? [
        {
          category: 'storage',
          pictogram: 'bucket',
          title: 'S3',
          lines: ['by gateway endpoint,', 'not by NAT'],
          label: 'HTTPS 443',
          way: 'endpoint',
        },
      ]
    : [];
  const mail = {
    category: 'people',
    pictogram: 'mail',
    title: 'E-mail',
    lines: addressLines(addresses),
    way: 'out',
  } as const;
  return [
    ...naming,
    {
      category: 'watch',
      pictogram: 'alarm',
      title: 'CloudWatch',
      lines: [`${alarms} ${alarms === 1 ? 'alarm' : 'alarms'}`],
      label: 'metrics',
      way: 'out',
      dash: DASH,
    },
    {
      category: 'watch',
      pictogram: 'topic',
      title: 'SNS topic',
      lines:
        addresses.length === 0
          ? ['nobody subscribed']
          : [`${addresses.length} e-mail ${addresses.length === 1 ? 'address' : 'addresses'}`],
      label: '',
      way: 'none',
      ...(addresses.length === 0 ? {} : { outside: mail }),
    },
    {
      category: 'watch',
      pictogram: 'logs',
      title: 'CloudWatch Logs',
      lines: ['boot and Jenkins logs'],
      label: 'HTTPS 443',
      way: 'out',
    },
    {
      category: 'watch',
      pictogram: 'session',
      title: 'Session Manager',
      lines: ['no open port, no key'],
      label: 'HTTPS 443',
      way: 'out',
      outside: {
        category: 'people',
        pictogram: 'people',
        title: 'Operators',
        lines: ['with IAM permission'],
        way: 'in',
      },
    },
    ...bucket,
  ];
}

export function servicesHeight(services: readonly Service[]): number {
  return services.length * (CARD_HEIGHT + GAP) - GAP;
}

export function drawServices(canvas: Canvas, layout: Layout, services: readonly Service[]): void {
  const { vpc, rightRail, outerRail } = layout;
  const top = layout.zones[0]?.publicSubnet.y ?? vpc.y;
  const right = vpc.x + vpc.width;
  const room = vpc.y + vpc.height - 26 - top - services.length * CARD_HEIGHT;
  const gap = Math.min(MOST_GAP, Math.max(GAP, Math.floor(room / (services.length - 1))));
  services.forEach((service, index) => {
    const area: Rectangle = {
      x: rightRail.x,
      y: top + index * (CARD_HEIGHT + gap),
      width: rightRail.width,
      height: CARD_HEIGHT,
    };
    const y = area.y + CARD_HEIGHT / 2;
    const stroke = PALETTE[service.category].ink;
    const dash = service.dash === undefined ? {} : { dash: service.dash };
    drawCard(canvas, area, service);
    if (service.way === 'endpoint') drawEndpoint(canvas, right, y);
    const start = service.way === 'endpoint' ? right + 15 : right;
    if (service.way !== 'none') {
      const ends = [
        [start, y],
        [area.x, y],
      ] as const;
      canvas.line(service.way === 'in' ? [...ends].reverse() : ends, { stroke, ...dash });
      canvas.text(service.label, (start + area.x) / 2, y - 7, { ...LABEL, anchor: 'middle' });
    } else {
      const x = area.x + 28;
      canvas.line(
        [
          [x, area.y - gap],
          [x, area.y],
        ],
        { stroke },
      );
    }
    if (service.outside === undefined) return;
    const far = { ...area, x: outerRail.x, width: outerRail.width };
    drawCard(canvas, far, service.outside);
    const ends = [
      [area.x + area.width, y],
      [far.x, y],
    ] as const;
    canvas.line(service.outside.way === 'in' ? [...ends].reverse() : ends, { stroke });
  });
}

function drawEndpoint(canvas: Canvas, x: number, y: number): void {
  const { ink, paint } = PALETTE.network;
  canvas.box(
    { x: x - 15, y: y - 19, width: 30, height: 38 },
    { stroke: ink, fill: paint, radius: 15, strokeWidth: 1.6 },
  );
  canvas.mark(PICTOGRAMS.gateway, x - 9, y - 10, 18, ink);
}

/** One long address takes both lines. */
function addressLines(addresses: readonly string[]): readonly string[] {
  const [local = '', domain] = (addresses[0] ?? '').split('@');
  return addresses.length === 1 && domain !== undefined && local.length + domain.length > 20
    ? [`${local}@`, domain]
    : firstTwo(addresses);
}

function firstTwo(values: readonly string[]): readonly string[] {
  const [first, second, ...others] = values;
  return [first, others.length > 0 ? `and ${others.length + 1} more` : second].filter((line) => line !== undefined);
}
