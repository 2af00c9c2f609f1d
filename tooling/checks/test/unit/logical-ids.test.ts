import { describe, expect, it } from 'vitest';
import { goneFrom, idsOf } from '../../logical-ids.mjs';

const CONFIG = 'examples/x/jenkins-aws.config.yaml';
const SHIPPED = 'packages/network/templates';
const contract = (source: string, ids: Record<string, string>) => ({ [source]: { stack: ids } });

describe('the contract of logical ids', () => {
  it('has resources with their types and outputs, and of a shipped file the parameters too', () => {
    const template = {
      Parameters: { VpcId: { Type: 'String' } },
      Resources: { Home: { Type: 'AWS::EFS::FileSystem' } },
      Outputs: { Url: { Value: 'x' } },
    };
    const stack = { Home: 'AWS::EFS::FileSystem', 'Outputs.Url': 'Outputs' };
    expect(idsOf(template, false)).toEqual(stack);
    expect(idsOf(template, true)).toEqual({ ...stack, 'Parameters.VpcId': 'Parameters' });
  });

  it('fails with what happens to a running platform when a resource with data has another id', () => {
    const before = contract(CONFIG, { Home1: 'AWS::EFS::FileSystem', Alarm: 'AWS::CloudWatch::Alarm' });
    const after = contract(CONFIG, { Home2: 'AWS::EFS::FileSystem', Alarm: 'AWS::CloudWatch::Alarm' });
    expect(goneFrom(before, after)).toEqual([
      {
        source: CONFIG,
        stack: 'stack',
        id: 'Home1',
        type: 'AWS::EFS::FileSystem',
        consequence: expect.stringContaining('every job stays behind'),
      },
    ]);
  });

  it('fails when an id stays and has another type', () => {
    const [gone] = goneFrom(
      contract(CONFIG, { A: 'AWS::SNS::Topic' }),
      contract(CONFIG, { A: 'AWS::CloudWatch::Alarm' }),
    );
    expect(gone).toMatchObject({ id: 'A', consequence: expect.any(String) });
  });

  it('names no consequence for what can be made anew unnoticed, and nothing for what is new', () => {
    const before = contract(CONFIG, { Alarm1: 'AWS::CloudWatch::Alarm' });
    const after = contract(CONFIG, { Alarm2: 'AWS::CloudWatch::Alarm', Home: 'AWS::EFS::FileSystem' });
    expect(goneFrom(before, after)).toEqual([
      { source: CONFIG, stack: 'stack', id: 'Alarm1', type: 'AWS::CloudWatch::Alarm' },
    ]);
  });

  it('fails when a stack or a shipped file has another name, and lets a config go', () => {
    expect(goneFrom(contract(CONFIG, { A: 'AWS::SNS::Topic' }), { [CONFIG]: { other: {} } })).toMatchObject([
      { consequence: expect.stringContaining('second time') },
    ]);
    expect(goneFrom(contract(SHIPPED, {}), {})).toMatchObject([{ consequence: expect.stringContaining('package') }]);
    expect(goneFrom(contract(CONFIG, { A: 'AWS::SNS::Topic' }), {})).toEqual([]);
  });

  it('fails when an output or a parameter that callers use is gone', () => {
    const gone = goneFrom(
      contract(SHIPPED, { 'Outputs.VpcId': 'Outputs', 'Parameters.Cidr': 'Parameters' }),
      contract(SHIPPED, {}),
    );
    expect(gone.every(({ consequence }) => consequence !== undefined)).toBe(true);
    expect(gone).toHaveLength(2);
  });
});
