import type { ArchitectureModel } from '../architecture-model.js';
import { Canvas } from './canvas.js';
import { describeArchitecture } from './describe-architecture.js';
import { drawFrame } from './draw-frame.js';
import { drawMaster } from './draw-master.js';
import { drawNetwork } from './draw-network.js';
import { drawServices, servicesHeight, servicesOf } from './draw-services.js';
import { type Layout, layOut } from './layout.js';

export interface DrawnDiagram {
  readonly svg: string;
  readonly canvas: Canvas;
  readonly layout: Layout;
}

export function drawDiagram(model: ArchitectureModel): DrawnDiagram {
  const canvas = new Canvas();
  const services = servicesOf(model);
  const layout = layOut(model, servicesHeight(services));
  drawNetwork(canvas, model, layout);
  for (const placed of layout.masters) drawMaster(canvas, layout, placed);
  drawServices(canvas, layout, services);
  drawFrame(canvas, model, layout);
  const title = `Jenkins platform ${model.platform}: architecture`;
  return { svg: canvas.toSvg(layout.width, layout.height, title, describeArchitecture(model)), canvas, layout };
}
