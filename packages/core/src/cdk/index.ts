export type { SynthesizedStack, SynthesizeStacksOptions } from './synthesize-stacks.js';
export { synthesizeStacks } from './synthesize-stacks.js';
