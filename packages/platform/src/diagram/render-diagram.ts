import type { ArchitectureModel } from './architecture-model.js';
import { drawDiagram } from './internal/draw-diagram.js';

/**
 * The platform as an architecture picture: one self-contained SVG on white paper, no fonts, images or scripts from
 * elsewhere. The same model gives the same bytes. Long values are cut in the picture; their full form is in tooltips
 * and in the description that screen readers read.
 */
export function renderDiagram(model: ArchitectureModel): string {
  return drawDiagram(model).svg;
}
