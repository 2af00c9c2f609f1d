/** The state in which a failed first creation ends when nobody is there to delete the stack. */
export type Leftover = 'ROLLBACK_COMPLETE';

/** What may be done with a stack in its present state. */
export type StackReadiness =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unfinished-review' }
  /** Empty, and good for nothing but deletion. */
  | { readonly kind: 'leftover'; readonly status: Leftover }
  | { readonly kind: 'ready' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'stuck'; readonly wayOut: string };

const READY = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

const DELETE_IT = 'it can only be deleted: destroy the stack, then run again';

const WAYS_OUT: Readonly<Record<string, string>> = {
  CREATE_FAILED: DELETE_IT,
  ROLLBACK_FAILED: `its first creation failed and so did the rollback, ${DELETE_IT}`,
  DELETE_FAILED: 'an earlier deletion failed: remove what holds the named resource and destroy the stack again',
  UPDATE_FAILED: 'an update failed with rollback switched off: run aws cloudformation rollback-stack, then run again',
  UPDATE_ROLLBACK_FAILED:
    'the rollback of an update failed: repair the named resource, then have the rollback continued (continueRollback) and run again',
  IMPORT_ROLLBACK_FAILED: 'the rollback of an import failed: finish it in the CloudFormation console, then run again',
};

/** Reads a stack status for somebody who wants to deploy. Undefined means that there is no such stack. */
export function judgeStatus(status: string | undefined): StackReadiness {
  if (status === undefined || status === 'DELETE_COMPLETE') return { kind: 'absent' };
  if (status === 'REVIEW_IN_PROGRESS') return { kind: 'unfinished-review' };
  if (status === 'ROLLBACK_COMPLETE') return { kind: 'leftover', status };
  if (isInProgress(status)) return { kind: 'busy' };
  if (READY.has(status)) return { kind: 'ready' };
  return { kind: 'stuck', wayOut: WAYS_OUT[status] ?? 'look at it in the CloudFormation console, then run again' };
}

export function isInProgress(status: string): boolean {
  return status.endsWith('_IN_PROGRESS');
}
