import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateInTemplate, pathInReason } from '../../src/plan/locate-in-template.js';

const template = {
  Parameters: { Name: { Type: 'String' } },
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { Tags: [{ Key: 'a', Value: 'b' }], Empty: {}, 'a/b': { c: 1 } } },
    Bucket: { Type: 'AWS::S3::Bucket' },
  },
};
const lines = JSON.stringify(template, null, 2).split('\n');

describe('locating a resource in a JSON template', () => {
  it.each([
    ['Topic', [], '/Resources/Topic', '"Topic": {'],
    ['Bucket', [], '/Resources/Bucket', '"Bucket": {'],
    ['Topic', ['Properties', 'Tags', '0', 'Value'], '/Resources/Topic/Properties/Tags/0/Value', '"Value": "b"'],
    ['Topic', ['Properties', 'a/b'], '/Resources/Topic/Properties/a~1b', '"a/b": {'],
    ['Topic', ['Properties', 'Missing', 'Deeper'], '/Resources/Topic/Properties', '"Properties": {'],
  ])('gives the line of %s %j in the text with two spaces, however it was written', (id, path, pointer, line) => {
    for (const text of [JSON.stringify(template), JSON.stringify(template, null, 4)]) {
      const place = locateInTemplate(text, id, path);
      expect(place?.pointer).toBe(pointer);
      expect(lines[(place?.line ?? 0) - 1]?.trim().replace(/,$/, '')).toBe(line);
    }
  });

  it('finds every resource of every template', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), fc.jsonValue(), { minKeys: 1 }),
        (Resources) => {
          const text = JSON.stringify({ Resources }, null, 2).split('\n');
          for (const id of Object.keys(Resources)) {
            const place = locateInTemplate(JSON.stringify({ Resources }), id);
            expect(text[(place?.line ?? 0) - 1]).toMatch(new RegExp(`^ {4}"${id}": `));
          }
        },
      ),
    );
  });

  it('finds nothing where there is no such resource, or no template', () => {
    expect(locateInTemplate(JSON.stringify(template), 'Queue')).toBeUndefined();
    expect(locateInTemplate('{ broken', 'Topic')).toBeUndefined();
    expect(locateInTemplate('', 'Topic')).toBeUndefined();
  });
});

describe('locating a resource in a YAML template', () => {
  const yaml = [
    'Description: Topic: of a kind',
    'Resources:',
    '  # Topic: not this',
    '',
    '  Bucket:',
    '    Type: AWS::S3::Bucket',
    '    Topic: !Ref Nothing',
    '  "Topic" :',
    '    Type: AWS::SNS::Topic',
    'Outputs:',
    '  Late:',
    '    Value: !GetAtt Topic.TopicName',
  ].join('\n');

  it('gives the line of the text', () => {
    expect(locateInTemplate(yaml, 'Bucket')).toEqual({ pointer: '/Resources/Bucket', line: 5 });
    expect(locateInTemplate(yaml, 'Topic')).toEqual({ pointer: '/Resources/Topic', line: 8 });
    expect(locateInTemplate(yaml, 'Late')).toBeUndefined();
  });
});

describe('the path in the words of a validation', () => {
  it.each([
    [
      'Properties validation failed for resource Topic with message: #/Tags/0: required key [Value] not found',
      'Properties/Tags/0',
    ],
    [
      'Model validation failed (#/PolicyDocument: expected type: JSONObject, found: String)',
      'Properties/PolicyDocument',
    ],
    ['Encountered unsupported property Nam', 'Properties/Nam'],
    ['Name conflicts at /Resources/Topic/Properties/TopicName', 'Properties/TopicName'],
    ['something went wrong at AWS.', ''],
  ])('is read from %j', (reason, path) => {
    expect(pathInReason(reason).join('/')).toBe(path);
  });
});
