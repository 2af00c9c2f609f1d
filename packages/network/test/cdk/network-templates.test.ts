import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCidr, parseCidr } from '../../src/plan/cidr.js';
import { planSubnets } from '../../src/plan/plan-subnets.js';
import { networkTemplate, shippedTemplates } from '../../src/template.js';

type Resource = { Type: string; Properties: Record<string, unknown>; Condition?: string };
type Template = Readonly<Record<string, unknown>>;
type Parameter = { AllowedPattern: string; AllowedValues: string[] };

const shipped = shippedTemplates().map(({ fileName, template }) => ({
  fileName,
  template,
  zoneCount: Number(/\d/.exec(fileName)?.[0]),
}));
const parameterOf = ({ Parameters }: Template, name: string) => (Parameters as Record<string, Parameter>)[name];
const resources = ({ Resources }: Template, type: string) =>
  Object.entries(Resources as Record<string, Resource>).filter(([, { Type }]) => Type === type);

/** As CloudFormation documents it: the range in parts of as many host bits, from its start on. */
function cidr(range: string, count: number, hostBits: number): string[] {
  const { address } = parseCidr(range) ?? expect.fail(`not a range: ${range}`);
  return Array.from({ length: count }, (_, index) =>
    formatCidr({ address: address + index * 2 ** hostBits, prefixLength: 32 - hostBits }),
  );
}

/** The subnets' ranges of a template, calculated from its functions. */
function subnetRanges(template: Template, range: string): string[] {
  const mapping = (template.Mappings as { SubnetBits: Record<string, Record<string, string>> }).SubnetBits;
  return resources(template, 'AWS::EC2::Subnet').map(([, { Properties }]) => {
    const [index, source] = (Properties.CidrBlock as { 'Fn::Select': [number, { 'Fn::Cidr': unknown[] }] })[
      'Fn::Select'
    ];
    const [vpc, count, found] = source['Fn::Cidr'] as [object, number, { 'Fn::FindInMap': [string, object, string] }];
    const [vpcId] = resources(template, 'AWS::EC2::VPC')[0] ?? expect.fail('no VPC');
    expect(vpc).toEqual({ 'Fn::GetAtt': [vpcId, 'CidrBlock'] });
    const [name, key, side] = found['Fn::FindInMap'];
    expect([name, key]).toEqual(['SubnetBits', { Ref: 'VpcPrefixLength' }]);
    const bits = Number(mapping[range.split('/')[1] ?? '']?.[side]);
    return cidr(range, count, bits)[index] ?? expect.fail(`no part ${index}`);
  });
}

describe.each(shipped)('$fileName', ({ template, zoneCount }) => {
  it('cuts its subnets where the plan puts them, whatever the range', () => {
    const lengths = parameterOf(template, 'VpcPrefixLength')?.AllowedValues ?? [];
    fc.assert(
      fc.property(fc.constantFrom(...lengths), fc.nat({ max: 2 ** 24 - 1 }), (length, offset) => {
        const prefixLength = Number(length);
        const size = 2 ** (32 - prefixLength);
        const range = formatCidr({ address: 10 * 2 ** 24 + Math.floor(offset / size) * size, prefixLength });
        const { zones } = planSubnets({ cidr: range, zoneCount });
        const planned = [...zones.map(({ publicCidr }) => publicCidr), ...zones.map(({ privateCidr }) => privateCidr)];
        expect(subnetRanges(template, range)).toEqual(planned);
      }),
    );
  });

  it('has the resources of the network with a gateway a zone, all but the first gateway on request', () => {
    const ids = (of: Template) => Object.keys(of.Resources as object).sort();
    expect(ids(template)).toEqual(ids(networkTemplate({ availabilityZones: zoneCount, nat: 'per-zone' })));
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::EIP']) {
      const conditions = resources(template, type).map(([, { Condition }]) => Condition);
      expect(conditions).toEqual([undefined, ...Array.from({ length: zoneCount - 1 }, () => 'NatPerZone')]);
    }
  });

  it('sends every private subnet through a gateway that is there', () => {
    const [[first = ''] = []] = resources(template, 'AWS::EC2::NatGateway');
    const through = resources(template, 'AWS::EC2::Route')
      .map(([, { Properties }]) => Properties.NatGatewayId)
      .filter((id) => id !== undefined);
    expect(through).toHaveLength(zoneCount);
    const [one, ...others] = through;
    expect(one).toEqual({ Ref: first });
    for (const other of others) expect(other).toMatchObject({ 'Fn::If': ['NatPerZone', {}, { Ref: first }] });
  });
});

describe('the address of the VPC', () => {
  const pattern = new RegExp(parameterOf(shipped[0]?.template ?? {}, 'VpcAddress')?.AllowedPattern ?? '');

  it.each(['10.0.0.0', '10.255.240.0', '172.16.0.0', '172.31.0.0', '192.168.0.0', '100.64.0.0', '100.127.0.0'])(
    'is private, such as %s',
    (address) => expect(address).toMatch(pattern),
  );

  it.each(['8.8.8.0', '172.15.0.0', '172.32.0.0', '100.63.0.0', '100.128.0.0', '10.0.0', '10.0.0.0/16', '10.0.0.256'])(
    'fails for %s',
    (address) => expect(address).not.toMatch(pattern),
  );
});
