/** So many calls at once are gentle on the rate limits of an account that others use, too. */
export const GENTLY = { concurrency: 8 } as const;
