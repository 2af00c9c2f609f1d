/** One statement of an IAM policy. Nothing is denied: what is not listed is not allowed. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** By operator, then by key. */
  readonly Condition?: PolicyCondition;
}

export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** An IAM policy as IAM takes it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** What IAM takes as one managed policy, in characters without white space (IAM and STS quotas, IAM user guide). */
const MANAGED_POLICY_CHARACTERS = 6_144;

/** The size as IAM counts it: without white space. */
export function policySize(document: PolicyDocument): number {
  return JSON.stringify(document).replace(/\s/g, '').length;
}

/**
 * As few documents as the order of the statements lets, none larger than IAM takes. A statement that is too large alone
 * is cut by its actions.
 */
export function packStatements(statements: readonly PolicyStatement[]): readonly PolicyDocument[] {
  const documents: PolicyStatement[][] = [];
  for (const statement of statements.flatMap(cutStatement)) {
    const last = documents.at(-1);
    if (last !== undefined && fits([...last, statement])) last.push(statement);
    else documents.push([statement]);
  }
  return documents.map(toDocument);
}

function cutStatement(statement: PolicyStatement): PolicyStatement[] {
  if (fits([statement]) || statement.Action.length < 2) return [statement];
  const middle = Math.ceil(statement.Action.length / 2);
  return [
    { ...statement, Action: statement.Action.slice(0, middle) },
    { ...statement, Sid: `${statement.Sid}More`, Action: statement.Action.slice(middle) },
  ].flatMap(cutStatement);
}

const toDocument = (Statement: readonly PolicyStatement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const fits = (statements: readonly PolicyStatement[]) =>
  policySize(toDocument(statements)) <= MANAGED_POLICY_CHARACTERS;
