/**
 * A template's text as GetTemplate may tell it, so that a told one and a wanted one can be compared: CloudFormation
 * answers a question mark for each character that is not ASCII, of which there may be several a letter. Two templates
 * that differ in such characters alone are the same then, so this is for telling differences, never for concluding that
 * there is nothing to do.
 */
export function toToldTemplate(templateBody: string): string {
  return templateBody.replace(/(?:[^\0-\x7f]|\?)+/g, '?');
}
