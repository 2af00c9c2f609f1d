/** Our own line drawings in a square of 24; the canvas gives ink and width. */
export const PICTOGRAMS = {
  people:
    '<circle cx="8.5" cy="8" r="3.2"/><path d="M2.5 20c0-3.6 2.6-6 6-6s6 2.4 6 6"/><circle cx="17" cy="9.5" r="2.5"/><path d="M17 14.5c2.7 0 4.5 2 4.5 5"/>',
  internet:
    '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 2.6 4 5.6 4 9s-1 6.4-4 9c-3-2.6-4-5.6-4-9s1-6.4 4-9z"/>',
  gateway: '<path d="M5 21V10a7 7 0 0 1 14 0v11"/><path d="M9 21V11a3 3 0 0 1 6 0v10M3 21h18"/>',
  nat: '<rect x="3" y="5" width="18" height="14" rx="3"/><path d="M7 10h9m-3-3 3 3-3 3M17 15H8"/>',
  balancer:
    '<circle cx="5" cy="12" r="2.4"/><circle cx="19" cy="5" r="2.4"/><circle cx="19" cy="12" r="2.4"/><circle cx="19" cy="19" r="2.4"/><path d="M7.5 12h9M7 10.7l9.8-4.6M7 13.3l9.8 4.6"/>',
  server:
    '<rect x="4" y="3" width="16" height="7.5" rx="1.8"/><rect x="4" y="13.5" width="16" height="7.5" rx="1.8"/><path d="M8 6.75h.01M8 17.25h.01M12 6.75h4.5M12 17.25h4.5"/>',
  files:
    '<path d="M3 7.5A1.5 1.5 0 0 1 4.5 6h4.2l2 2.5h8.8A1.5 1.5 0 0 1 21 10v8.5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18.5z"/><path d="M7.5 13h9M7.5 16.5h6"/>',
  mount: '<circle cx="12" cy="6" r="3"/><path d="M12 9v12M6 14a6 6 0 0 0 12 0M8.5 13H12h3.5"/>',
  alarm: '<path d="M6 17v-6a6 6 0 0 1 12 0v6l1.5 2h-15z"/><path d="M10 21.5h4M12 5V2.5"/>',
  topic:
    '<circle cx="6" cy="12" r="3"/><path d="M9 10.5 18 6M9 13.5 18 18M9 12h10"/><path d="M18 3.5v5M18 15.5v5M19.5 9.5v5"/>',
  mail: '<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="m3.5 7 8.5 6.5L20.5 7"/>',
  logs: '<path d="M6 3h9l4 4v14H6z"/><path d="M15 3v4h4M9 11.5h7M9 14.5h7M9 17.5h4.5"/>',
  session: '<rect x="3" y="4.5" width="18" height="15" rx="2"/><path d="m7 9.5 3 2.75-3 2.75M12.5 15.5H17"/>',
  bucket: '<ellipse cx="12" cy="6" rx="8" ry="3"/><path d="m4 6 2 13c.2 1.2 2.8 2 6 2s5.8-.8 6-2l2-13"/>',
  name: '<path d="M4 5h9l7 7-8 8-8-7z"/><circle cx="8.5" cy="9.5" r="1.4"/>',
  lock: '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5"/>',
} as const;

export type Pictogram = keyof typeof PICTOGRAMS;
