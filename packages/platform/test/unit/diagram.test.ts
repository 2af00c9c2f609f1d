import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchitectureMaster, ArchitectureModel } from '../../src/diagram/architecture-model.js';
import type { Point, Rectangle } from '../../src/diagram/internal/canvas.js';
import { drawDiagram } from '../../src/diagram/internal/draw-diagram.js';
import { PALETTE, PAPER } from '../../src/diagram/internal/palette.js';
import { fitText, textWidth } from '../../src/diagram/internal/text-width.js';
import { renderDiagram } from '../../src/diagram/render-diagram.js';

const master: ArchitectureMaster = {
  name: 'main',
  url: 'https://ci.example.com',
  scheme: 'internet-facing',
  listener: 'https',
  allowedCidrs: ['203.0.113.0/24', '198.51.100.7/32', '192.0.2.0/24'],
  instanceType: 'm7i.large',
  jenkinsVersion: '2.541.3',
  homeThroughput: 'elastic',
  domainName: 'ci.example.com',
  alarmCount: 6,
  notify: 'ops@example.com',
};

const model: ArchitectureModel = {
  platform: 'ci',
  region: 'eu-central-1',
  network: {
    cidr: '10.0.0.0/16',
    s3Endpoint: true,
    zones: ['a', 'b'].map((letter, index) => ({
      name: `eu-central-1${letter}`,
      publicCidr: `10.0.${index}.0/24`,
      privateCidr: `10.0.${128 + index * 32}.0/19`,
      hasNatGateway: index === 0,
    })),
  },
  masters: [master],
  monthlyCostUsd: 1234.5,
  costNote: 'on demand, without traffic',
};

const text = fc.string({ unit: 'binary', maxLength: 40 });
const masters = fc.record(
  {
    name: fc.oneof(fc.stringMatching(/^[a-z][a-z-]{0,18}[a-z]$/), text),
    url: fc.oneof(fc.constant(master.url), fc.string({ maxLength: 200 })),
    scheme: fc.constantFrom('internal' as const, 'internet-facing' as const),
    listener: fc.constantFrom('https' as const, 'http' as const),
    allowedCidrs: fc.array(fc.constantFrom('0.0.0.0/0', '255.255.255.255/32', '10.0.0.0/8'), { maxLength: 30 }),
    instanceType: fc.constantFrom('t3.large', 'm7i-flex.16xlarge', 'WWWWWWWWWWWWWWWWWWWWWWWW'),
    jenkinsVersion: fc.constantFrom('2.541.3', '2.541.3-rc36912.a1b2c3d4e5f6'),
    homeThroughput: fc.constantFrom('elastic', 'bursting', 'provisioned 1024 MiB/s'),
    domainName: fc.constantFrom('ci.example.com', `${'very-long-label.'.repeat(12)}example.com`),
    alarmCount: fc.nat(1000),
    notify: fc.constantFrom('ops@example.com', `${'long.'.repeat(20)}name@${'sub.'.repeat(20)}example.com`),
  },
  {
    requiredKeys: [
      'name',
      'url',
      'scheme',
      'listener',
      'allowedCidrs',
      'instanceType',
      'jenkinsVersion',
      'homeThroughput',
      'alarmCount',
    ],
  },
);
const zones = fc.array(
  fc.record({
    name: fc.constantFrom('eu-central-1a', 'ap-southeast-2b', 'us-gov-west-1c'),
    publicCidr: fc.constantFrom('10.0.0.0/24', '255.255.255.240/28'),
    privateCidr: fc.constantFrom('10.0.128.0/19', '255.255.255.240/28'),
    hasNatGateway: fc.boolean(),
  }),
  { minLength: 2, maxLength: 6 },
);
const models: fc.Arbitrary<ArchitectureModel> = fc.record(
  {
    platform: text,
    region: fc.constantFrom('eu-central-1', 'us-gov-west-1'),
    network: fc.record({ cidr: fc.constantFrom('10.0.0.0/16', '172.16.0.0/12'), zones, s3Endpoint: fc.boolean() }),
    masters: fc.array(masters, { minLength: 1, maxLength: 12 }),
    monthlyCostUsd: fc.double({ min: 0, max: 1e9, noNaN: true }),
    costNote: fc.string({ maxLength: 300 }),
  },
  { requiredKeys: ['platform', 'region', 'network', 'masters'] },
);

const overlap = (one: Rectangle, other: Rectangle): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const segments = (line: readonly Point[]): Rectangle[] =>
  line.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = line[index] ?? [x, y];
    return {
      x: Math.min(x, fromX),
      y: Math.min(y, fromY),
      width: Math.abs(x - fromX) || 0.1,
      height: Math.abs(y - fromY) || 0.1,
    };
  });

/** The plain text of a strictly well-formed document; throws on anything else. */
function readXml(xml: string): string {
  const open: string[] = [];
  let content = '';
  const token =
    /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|apos);[^"<&]*)*")*)(\/?)>|([^<&>]+)|&(amp|lt|gt|quot|apos);/gy;
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as Record<string, string>;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const found = token.exec(xml);
    if (found === null) throw new Error(`not XML at ${xml.slice(at, at + 80)}`);
    const [, isEnd, tag = '', , isEmpty, plain, entity] = found;
    if (plain !== undefined) content += plain;
    else if (entity !== undefined) content += named[entity];
    else if (isEnd === '/') {
      const last = open.pop();
      if (last !== tag) throw new Error(`</${tag}> closes <${last}>`);
    } else if (isEmpty !== '/') open.push(tag);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(' ')}`);
  return content;
}

describe('the architecture picture', () => {
  it('is well-formed and holds every value, whole', () => {
    const content = readXml(renderDiagram(model));
    const values =
      JSON.stringify({ ...model, monthlyCostUsd: '$1,234.50 a month' }).match(/(?<=:|\[|,)"[^"]+"(?!:)/g) ?? [];
    expect(values.length).toBe(23);
    for (const value of values.map((each) => JSON.parse(each) as string)) {
      expect(content.toLowerCase(), value).toContain(value.toLowerCase());
    }
    for (const word of [
      'HTTPS 443',
      'HTTP 8080',
      '2049',
      '6 alarms',
      'Session Manager',
      'CloudWatch Logs',
      'exactly one',
    ]) {
      expect(content).toContain(word);
    }
  });

  it('escapes what would be markup', () => {
    const evil = '</text><script>alert("1")</script>&\u0000\ud800';
    const svg = renderDiagram({ ...model, platform: evil, masters: [{ ...master, name: evil, url: evil }] });
    expect(svg).not.toContain('<script');
    expect(readXml(svg)).toContain('</text><script>alert("1")</script>&\ufffd\ufffd');
  });

  it('needs nothing from elsewhere and is white by itself', () => {
    const svg = renderDiagram(model);
    expect(svg).not.toMatch(/href|url\(|<image|<script|<style|@import|<foreignObject/);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/="[^"]*https?:/);
    expect(svg.split('\n')[3]).toMatch(/^<rect width="\d+" height="\d+" fill="#ffffff"\/>$/);
    expect(svg).toMatch(/role="img" aria-labelledby="architecture-title architecture-description"/);
  });

  it('is the same for the same model', () => {
    expect(renderDiagram(structuredClone(model))).toBe(renderDiagram(model));
  });

  it('lays no text upon another, under a line or outside', () => {
    fc.assert(
      fc.property(models, (any) => {
        const { canvas, layout, svg } = drawDiagram(any);
        readXml(svg);
        const lines = canvas.lines.flatMap(segments);
        const page = { x: 0, y: 0, width: layout.width, height: layout.height };
        const texts = canvas.texts.filter((placed) => placed.text !== '');
        texts.forEach((placed, index) => {
          for (const other of texts.slice(index + 1)) {
            if (overlap(placed, other)) throw new Error(`'${placed.text}' lies on '${other.text}'`);
          }
          for (const line of lines) {
            if (overlap(placed, line)) throw new Error(`a line at ${line.x},${line.y} runs through '${placed.text}'`);
          }
          const isInside =
            placed.x >= 0 &&
            placed.y >= 0 &&
            placed.x + placed.width <= page.width &&
            placed.y + placed.height <= page.height;
          if (!isInside) throw new Error(`'${placed.text}' is not on the page`);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('crosses no two ways from load balancer to controller', () => {
    fc.assert(
      fc.property(models, (any) => {
        const ways = drawDiagram(any)
          .canvas.lines.filter((line) => line.length === 4)
          .map(segments);
        ways.forEach((way, index) => {
          for (const other of ways.slice(index + 1)) {
            expect(way.some((one) => other.some((two) => overlap(one, two)))).toBe(false);
          }
        });
      }),
    );
  });

  it('draws four masters and names the others', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ ...master, name: `team${index}` }));
    const content = readXml(renderDiagram({ ...model, masters: many }));
    expect(content).toContain('team3: Auto Scaling group of exactly one');
    expect(content).not.toContain('team4: Auto Scaling group');
    expect(content).toContain('and 3 more masters, each with a balancer, group and home of its own');
    expect(content).toContain('team4, team5, team6');
    expect(content).toContain('42 alarms');
  });

  it('shows only what there is', () => {
    const { monthlyCostUsd: _, costNote: __, ...free } = model;
    const { domainName: ___, notify: ____, ...plain } = master;
    const bare = {
      ...free,
      network: {
        ...model.network,
        s3Endpoint: false,
        zones: model.network.zones.map((zone) => ({ ...zone, hasNatGateway: false })),
      },
      masters: [{ ...plain, scheme: 'internal', listener: 'http', allowedCidrs: [] } as const],
    };
    const texts = drawDiagram(bare).canvas.texts.map((placed) => placed.text);
    expect(texts.join('\n')).not.toMatch(/a month|Route 53|E-mail|S3|NAT gateway|The internet$/m);
    expect(texts).toEqual(
      expect.arrayContaining([
        'no route to the internet',
        'no range is allowed',
        'nobody subscribed',
        'HTTP 80',
        'private network',
      ]),
    );
  });

  it('can be read: every ink has a contrast of 4.5 on its paint and on white', () => {
    const luminance = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (const [name, { ink, paint }] of Object.entries(PALETTE)) {
      for (const paper of [paint, PAPER]) {
        expect((luminance(paper) + 0.05) / (luminance(ink) + 0.05), `${name} on ${paper}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

describe('text that is too long', () => {
  it('is cut so that it fits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.integer({ min: 20, max: 300 }),
        (content, width) => {
          const shown = fitText(content, width, 12);
          expect(textWidth(shown, 12)).toBeLessThanOrEqual(width);
          if (shown !== content) expect(shown.endsWith('…')).toBe(true);
        },
      ),
    );
  });
});
