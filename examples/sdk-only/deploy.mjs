// Two SDK clients, ready files, no CDK and no config file: `node deploy.mjs CERTIFICATE_ARN RANGE`.
import { readFileSync } from 'node:fs';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { deployStack } from '@jenkins-aws/deployment';
import { checkZones } from '@jenkins-aws/network';

const [certificateArn = '', allowedCidr = ''] = process.argv.slice(2);
if (!/^arn:[\w-]+:acm:.+:certificate\/.+$/.test(certificateArn) || !/^[1-9]\d*(\.\d+){3}\/\d+$/.test(allowedCidr)) {
  console.error('usage: node deploy.mjs CERTIFICATE_ARN RANGE, e.g. of your office: 203.0.113.0/24');
  process.exit(2);
}
const ec2 = new EC2Client();
const cloudFormation = new CloudFormationClient();

/** @param {string} file e.g. `network/templates/network-2-zones.json` */
const templateBody = (file) => readFileSync(new URL(`node_modules/@jenkins-aws/${file}`, import.meta.url), 'utf8');

/**
 * @param {string} name
 * @param {string} file
 * @param {Record<string, string>} parameters
 */
async function deploy(name, file, parameters) {
  const reporter = { report: (/** @type {{ message: string }} */ { message }) => console.error(message) };
  const { outcome, outputs } = await deployStack({
    cloudFormation,
    reporter,
    stack: { name, templateBody: templateBody(file), parameters },
  });
  console.log(`${name}: ${outcome}`);
  return outputs;
}

await checkZones({ ec2, availabilityZones: 2 });
const network = await deploy('ci-network', 'network/templates/network-2-zones.json', { VpcAddress: '10.50.0.0' });
const { VpcId, PrivateSubnetIds } = network;
// readme:start
const home = await deploy('ci-home', 'master/templates/home-efs.json', { VpcId, PrivateSubnetIds });
const jenkins = await deploy('ci-jenkins', 'master/templates/controller-ec2.json', {
  ...{ VpcId, PrivateSubnetIds, LoadBalancerSubnetIds: PrivateSubnetIds, ...home },
  ...{ AllowedCidr: allowedCidr, CertificateArn: certificateArn },
});
// readme:end
console.log(jenkins.Url);
