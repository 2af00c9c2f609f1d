/** One colour a category; `ink` is read on white and on `paint` (contrast of at least 4.5). */
export const PALETTE = {
  people: { ink: '#475569', paint: '#f1f5f9' },
  network: { ink: '#6a3fb0', paint: '#f4effc' },
  publicSubnet: { ink: '#3d7a1f', paint: '#f0f8ea' },
  privateSubnet: { ink: '#3b6f9f', paint: '#f0f6fc' },
  entry: { ink: '#1d4ed8', paint: '#e4ecff' },
  compute: { ink: '#b45309', paint: '#fff4e3' },
  storage: { ink: '#0f766e', paint: '#e3f6f3' },
  watch: { ink: '#be185d', paint: '#fdeef5' },
} as const;

export type Category = keyof typeof PALETTE;

export const TEXT = '#1f2937';
export const FAINT = '#5b6675';
export const EDGE = '#94a3b8';
export const PAPER = '#ffffff';
