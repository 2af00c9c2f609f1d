import { GENERATED, importBuilt } from './built.mjs';

/** Where editors find the schema: the `yaml-language-server` line of a config written by `init` names it. */
const SCHEMA_FILE = 'docs/reference/config.schema.json';

/** The config's JSON schema and its reference page. */
export async function renderConfig() {
  const { CONFIG_SCHEMA_URL, configJsonSchema, platformConfigSchema, renderConfigReference } =
    await importBuilt('packages/platform');
  const schema = configJsonSchema(platformConfigSchema, { id: CONFIG_SCHEMA_URL, title: 'jenkins-aws configuration' });
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
