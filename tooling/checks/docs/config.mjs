import { GENERATED, importBuilt } from './built.mjs';

const SCHEMA_FILE = 'docs/reference/config.schema.json';

/** Where editors find the published schema: the `yaml-language-server` line of a config that `init` writes names it. */
const SCHEMA_URL = 'https://unpkg.com/@jenkins-aws/platform/config.schema.json';

/** The config's JSON schema and its reference page. */
export async function renderConfig() {
  const { configJsonSchema, platformConfigSchema, renderConfigReference } = await importBuilt('packages/platform');
  const schema = configJsonSchema(platformConfigSchema, { id: SCHEMA_URL, title: 'jenkins-aws configuration' });
  const page = [
    GENERATED,
    '# Configuration',
    'Everything that a `jenkins-aws.config.yaml` or `.json` may say. The [JSON schema](config.schema.json) says the same to an editor.',
    renderConfigReference(platformConfigSchema).trim(),
  ];
  return {
    [SCHEMA_FILE]: `${JSON.stringify(schema, null, 2)}\n`,
    'docs/reference/config.md': `${page.join('\n\n')}\n`,
  };
}
