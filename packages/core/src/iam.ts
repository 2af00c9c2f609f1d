/** The form of a managed policy's ARN, of any partition and of AWS itself: a path and a name. */
export const MANAGED_POLICY_ARN_PATTERN = /^arn:[a-z-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,640}$/;

/** The path of a role: begins and ends with a slash, at most eight parts. IAM takes 512 characters. */
export const ROLE_PATH_PATTERN = /^\/([\w+=,.@-]+\/){0,8}$/;
