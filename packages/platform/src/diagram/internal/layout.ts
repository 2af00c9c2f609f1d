import type { ArchitectureMaster, ArchitectureModel, ArchitectureZone } from '../architecture-model.js';
import type { Rectangle } from './canvas.js';

/** More rows than that nobody reads; the others are named. */
const MAX_DRAWN_MASTERS = 4;

export const MARGIN = 28;
export const CARD_HEIGHT = 66;
const HEADER = 84;
const LEFT_RAIL = 216;
const ARROW_GAP = 92;
const REGION_PAD = 44;
const VPC_LEFT_PAD = 46;
const ZONE_GAP = 18;
const RIGHT_GAP = 112;
const RIGHT_RAIL = 190;
const OUTER_GAP = 66;
const OUTER_RAIL = 196;
const LEGEND = 58;
/** By the number of zones: the more, the narrower. */
const ZONE_WIDTHS: Readonly<Record<number, number>> = { 1: 380, 2: 304, 3: 256, 4: 226, 5: 204 };
const NARROWEST_ZONE = 192;

const SUBNET_LABELS = 66;
export const SUBNET_PAD = 12;
const ENTRY_PITCH = 82;
const ENTRY_HEIGHT = 56;
const CONNECTOR_LABEL = 82;
const CONNECTOR_PITCH = 12;
const GROUP_HEIGHT = 112;
const HOME_HEIGHT = 78;
export const ARROW_ROOM = 36;
const LANE_GAP = 34;
const MORE_HEIGHT = 58;

export interface ZoneLayout {
  readonly zone: ArchitectureZone;
  readonly column: Rectangle;
  readonly publicSubnet: Rectangle;
  readonly privateSubnet: Rectangle;
}

export interface MasterLayout {
  readonly master: ArchitectureMaster;
  readonly balancer: Rectangle;
  readonly group: Rectangle;
  readonly home: Rectangle;
  /** The zone that the controller is drawn in; which one it is at a time, Auto Scaling decides. */
  readonly currentZone: number;
  /** Where the way from balancer to group runs: straight down, or around at the right of the zones. */
  readonly connectorX: number;
  readonly isStraight: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly region: Rectangle;
  readonly vpc: Rectangle;
  readonly zones: readonly ZoneLayout[];
  readonly masters: readonly MasterLayout[];
  /** Where masters that are not drawn are named. */
  readonly more: Rectangle | undefined;
  /** Height of the line on which NAT gateways reach the internet gateway. */
  readonly outboundY: number;
  readonly leftRail: { readonly x: number; readonly width: number };
  readonly rightRail: { readonly x: number; readonly width: number };
  readonly outerRail: { readonly x: number; readonly width: number };
  readonly legendY: number;
}

/** Places everything. `railHeight`: what the cards beside the VPC need. */
export function layOut(model: ArchitectureModel, railHeight: number): Layout {
  const drawn = model.masters.slice(0, MAX_DRAWN_MASTERS);
  const isPublic = (master: ArchitectureMaster) => master.scheme === 'internet-facing';
  const publicCount = drawn.filter(isPublic).length;
  const areConnectorsAround = publicCount > 1 || (publicCount === 1 && !isPublic(drawn[0] as ArchitectureMaster));

  const region = { x: MARGIN + LEFT_RAIL + ARROW_GAP, y: HEADER + MARGIN };
  const vpc = { x: region.x + REGION_PAD, y: region.y + 38 };
  const zonesX = vpc.x + VPC_LEFT_PAD;
  const zoneWidth = ZONE_WIDTHS[model.network.zones.length] ?? NARROWEST_ZONE;
  const zonesWidth = model.network.zones.length * (zoneWidth + ZONE_GAP) - ZONE_GAP;
  const zonesRight = zonesX + zonesWidth;
  const rightPad = areConnectorsAround ? CONNECTOR_LABEL + publicCount * CONNECTOR_PITCH + 20 : 34;
  const vpcWidth = zonesRight + rightPad - vpc.x;

  const zoneY = vpc.y + 40;
  const outboundY = zoneY + 38;
  const publicY = zoneY + 54;
  const publicHeight =
    SUBNET_LABELS + Math.max(0, publicCount * ENTRY_PITCH - (ENTRY_PITCH - ENTRY_HEIGHT) + SUBNET_PAD);
  const privateY = publicY + publicHeight + ARROW_ROOM;
  const span = (y: number, height: number): Rectangle => ({ x: zonesX + 9, y, width: zonesWidth - 18, height });

  let y = privateY + SUBNET_LABELS;
  let publicIndex = 0;
  const masters = drawn.map((master, index): MasterLayout => {
    const inside = isPublic(master) ? undefined : span(y, ENTRY_HEIGHT);
    if (inside !== undefined) y += ENTRY_HEIGHT + ARROW_ROOM;
    // The last master's balancer stands on top: so the connectors around nest and never cross.
    const row = publicCount - 1 - publicIndex;
    const balancer = inside ?? span(publicY + SUBNET_LABELS + row * ENTRY_PITCH, ENTRY_HEIGHT);
    const group = span(y, GROUP_HEIGHT);
    const home = span(y + GROUP_HEIGHT + ARROW_ROOM, HOME_HEIGHT);
    y = home.y + HOME_HEIGHT + LANE_GAP;
    const isStraight = inside !== undefined || !areConnectorsAround;
    const gapX =
      zonesX + Math.max(1, Math.floor(model.network.zones.length / 2)) * (zoneWidth + ZONE_GAP) - ZONE_GAP / 2;
    const connectorX = isStraight ? gapX : zonesRight + CONNECTOR_LABEL + publicIndex * CONNECTOR_PITCH;
    if (inside === undefined) publicIndex += 1;
    return { master, balancer, group, home, currentZone: index % model.network.zones.length, connectorX, isStraight };
  });
  const more = model.masters.length > drawn.length ? span(y, MORE_HEIGHT) : undefined;
  if (more !== undefined) y += MORE_HEIGHT + LANE_GAP;

  const privateHeight = Math.max(y - LANE_GAP + SUBNET_PAD, publicY + railHeight - 16) - privateY;
  const column = { y: zoneY, height: privateY + privateHeight + 10 - zoneY };
  const zones = model.network.zones.map((zone, index): ZoneLayout => {
    const x = zonesX + index * (zoneWidth + ZONE_GAP);
    return {
      zone,
      column: { x: x - 5, width: zoneWidth + 10, ...column },
      publicSubnet: { x, y: publicY, width: zoneWidth, height: publicHeight },
      privateSubnet: { x, y: privateY, width: zoneWidth, height: privateHeight },
    };
  });
  const vpcHeight = column.y + column.height + 16 - vpc.y;
  const rightRailX = vpc.x + vpcWidth + RIGHT_GAP;
  const regionWidth = rightRailX + RIGHT_RAIL + 24 - region.x;
  const regionHeight = vpc.y + vpcHeight + 22 - region.y;
  const outerRailX = region.x + regionWidth + OUTER_GAP;
  const legendY = region.y + regionHeight + 24;
  return {
    width: outerRailX + OUTER_RAIL + MARGIN,
    height: legendY + LEGEND + MARGIN,
    region: { ...region, width: regionWidth, height: regionHeight },
    vpc: { ...vpc, width: vpcWidth, height: vpcHeight },
    zones,
    masters,
    more,
    outboundY,
    leftRail: { x: MARGIN, width: LEFT_RAIL },
    rightRail: { x: rightRailX, width: RIGHT_RAIL },
    outerRail: { x: outerRailX, width: OUTER_RAIL },
    legendY,
  };
}
