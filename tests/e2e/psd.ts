import PSD from '@webtoon/psd';

/** The part of @webtoon/psd used here; its own types do not resolve under NodeNext. It shares no code with our writer. */
interface Node {
  readonly type: 'Group' | 'Layer';
  readonly name: string;
  readonly opacity: number;
  readonly children?: readonly Node[];
  composite(effects: boolean): Promise<Uint8ClampedArray>;
}
interface Parser {
  parse(bytes: ArrayBuffer): { width: number; height: number; children: readonly Node[] };
}
interface Frame {
  readonly layerFrame: { readonly layerProperties: { readonly blendMode: string; readonly hidden: boolean } };
}

export interface ReadLayer {
  readonly name: string;
  /** The four-letter key of the PSD specification. */
  readonly blend: string;
  readonly hidden: boolean;
  /** 0–255. */
  readonly opacity: number;
  readonly children: readonly ReadLayer[];
  /** RGBA. */
  pixels(): Promise<Uint8ClampedArray>;
}

const readNode = (node: Node): ReadLayer => {
  const { blendMode, hidden } = (node as unknown as Frame).layerFrame.layerProperties;
  return {
    name: node.name,
    blend: blendMode,
    hidden,
    opacity: node.opacity,
    children: (node.children ?? []).map(readNode),
    pixels: () => node.composite(false),
  };
};

/** Top first. */
export function readPsd(bytes: Uint8Array): { width: number; height: number; layers: readonly ReadLayer[] } {
  const parser = ((PSD as unknown as { default?: Parser }).default ?? PSD) as unknown as Parser;
  const { width, height, children } = parser.parse(new Uint8Array(bytes).buffer);
  return { width, height, layers: children.map(readNode) };
}
