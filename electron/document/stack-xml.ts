import { Failure } from '../failure.ts';
import type { BlendMode } from './model.ts';
import { blendOf } from './ora-blend.ts';
import { shown } from './shown.ts';
import { parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** A layer or group as stack.xml tells of it, before its pixels are read. */
export interface StackNode {
  readonly kind: 'raster' | 'group';
  readonly name: string;
  readonly visible: boolean;
  readonly opacity: number;
  readonly blend: BlendMode;
  readonly compositeOp: string;
  readonly locked: boolean;
  /** Of a group: its layers blend with what lies below it ("isolation"). */
  readonly passThrough: boolean;
  readonly x: number;
  readonly y: number;
  /** Path of the picture in the zip; empty for a group. */
  readonly source: string;
  /** Topmost first, as in the file. */
  readonly children: readonly StackNode[];
}

export interface StackImage {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  /** Topmost first. */
  readonly layers: readonly StackNode[];
  /** Short sentences on what the file has and Inkwash cannot show. */
  readonly notes: readonly string[];
}

export interface StackLimits {
  /** Pixels a side. */
  readonly side: number;
  /** Pixels of the page. */
  readonly area: number;
  readonly layers: number;
  readonly depth: number;
}

/**
 * Reads stack.xml by the OpenRaster Layer Stack Specification (baseline): sizes, places, names, opacity, visibility,
 * composite-op, edit-locked. Throws an `input` Failure that names the file when it is no such thing or breaks a limit.
 */
export function readStackXml(xml: string, fileName: string, limits: StackLimits): StackImage {
  let image: XmlElement;
  try {
    image = parseXml(xml);
  } catch (error) {
    throw unreadable(fileName, error);
  }
  const root = image.children.find((child) => child.name === 'stack');
  const width = wholeNumber(image.attributes.get('w'));
  const height = wholeNumber(image.attributes.get('h'));
  if (image.name !== 'image' || !root || !(width > 0) || !(height > 0)) throw unreadable(fileName);
  if (width > limits.side || height > limits.side || width * height > limits.area)
    throw new Failure(
      'input',
      `${fileName} says it is ${width}x${height} pixels, more than Inkwash opens; make the picture smaller elsewhere.`,
    );

  const notes: string[] = [];
  let count = 0;
  const read = (element: XmlElement, depth: number): StackNode[] => {
    if (element.name !== 'layer' && element.name !== 'stack') {
      notes.push(
        `A "${shown(element.name)}" element of ${fileName} was left out: Inkwash has no such layer.`,
      );
      return [];
    }
    if (++count > limits.layers || depth > limits.depth)
      throw new Failure('input', `${fileName} has more layers than Inkwash opens; merge some of them first.`);
    const node = commonOf(element, fileName);
    if (element.name === 'layer') return [node];
    const children = element.children.flatMap((child) => read(child, depth + 1));
    const passThrough =
      element.attributes.get('isolation') !== 'isolate' &&
      node.compositeOp === 'svg:src-over' &&
      node.opacity === 1;
    return [{ ...node, passThrough, children }];
  };
  const layers = root.children.flatMap((child) => read(child, 0));
  const dpi = Number(image.attributes.get('xres') ?? '72');
  return { width, height, dpi: dpi >= 1 && dpi <= 100_000 ? dpi : 72, layers, notes };
}

function commonOf(element: XmlElement, fileName: string): StackNode {
  const { attributes } = element;
  const name = attributes.get('name') ?? '';
  const opacity = Number(attributes.get('opacity') ?? '1');
  const compositeOp = attributes.get('composite-op') ?? 'svg:src-over';
  const kind = element.name === 'layer' ? 'raster' : 'group';
  const x = kind === 'raster' ? wholeNumber(attributes.get('x') ?? '0') : 0;
  const y = kind === 'raster' ? wholeNumber(attributes.get('y') ?? '0') : 0;
  if (Number.isNaN(x) || Number.isNaN(y) || Math.max(Math.abs(x), Math.abs(y)) > 1e6)
    throw new Failure(
      'input',
      `Layer "${shown(name)}" of ${fileName} has no usable place; save the file again elsewhere.`,
    );
  return {
    kind,
    name,
    visible: attributes.get('visibility') !== 'hidden',
    opacity: Number.isFinite(opacity) ? Math.min(1, Math.max(0, opacity)) : 1,
    blend: blendOf(compositeOp),
    compositeOp,
    locked: attributes.get('edit-locked') === 'true',
    passThrough: false,
    x,
    y,
    source: kind === 'raster' ? (attributes.get('src') ?? '') : '',
    children: [],
  };
}

/** A whole number, sign allowed, or NaN. */
function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\s*[+-]?\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
}

function unreadable(fileName: string, cause?: unknown): Failure {
  return new Failure(
    'input',
    `The layer list (stack.xml) of ${fileName} cannot be read; open a backup or an autosave instead.`,
    cause,
  );
}
