import PSD from '@webtoon/psd';
import { describe, expect, it } from 'vitest';
import { flatten } from '../../../electron/document/flatten.ts';
import { BLEND_MODES } from '../../../electron/document/model.ts';
import type { InkDocument, Layer } from '../../../electron/document/model.ts';
import { psdBlendName, writePsd } from '../../../electron/document/psd.ts';
import { documentOf, filled, groupOf, inkedPage, layerOf, noise, painted } from './sample-documents.ts';

/* @webtoon/psd is a reader that shares no code with the writer. */

/** The part of @webtoon/psd used here; its own types do not resolve under NodeNext. */
interface Node {
  readonly type: 'Group' | 'Layer';
  readonly name: string;
  readonly opacity: number;
  readonly children?: readonly Node[];
}
interface ReadLayer extends Node {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isHidden: boolean;
  readonly additionalProperties: Readonly<Record<string, unknown>>;
  composite(effects: boolean): Promise<Uint8ClampedArray>;
}
interface ReadPsd {
  readonly width: number;
  readonly height: number;
  readonly children: readonly Node[];
  readonly layers: readonly ReadLayer[];
  readonly resolutionInfo: { readonly horizontal: number; readonly vertical: number };
  composite(effects: boolean): Promise<Uint8ClampedArray>;
}

/** What @webtoon/psd knows of a layer but gives no accessor for. */
interface Frame {
  readonly layerFrame: { readonly layerProperties: { readonly blendMode: string; readonly hidden: boolean } };
}
const propertiesOf = (node: Node) => (node as unknown as Frame).layerFrame.layerProperties;

/** The four-letter keys of the PSD specification, "Layer records". */
const KEYS: Record<string, string> = {
  'pass through': 'pass',
  normal: 'norm',
  dissolve: 'diss',
  darken: 'dark',
  multiply: 'mul ',
  'color burn': 'idiv',
  'linear burn': 'lbrn',
  'darker color': 'dkCl',
  lighten: 'lite',
  screen: 'scrn',
  'color dodge': 'div ',
  'linear dodge': 'lddg',
  'lighter color': 'lgCl',
  overlay: 'over',
  'soft light': 'sLit',
  'hard light': 'hLit',
  'vivid light': 'vLit',
  'linear light': 'lLit',
  'pin light': 'pLit',
  'hard mix': 'hMix',
  difference: 'diff',
  exclusion: 'smud',
  subtract: 'fsub',
  divide: 'fdiv',
  hue: 'hue ',
  saturation: 'sat ',
  color: 'colr',
  luminosity: 'lum ',
};

async function reread(document: InkDocument): Promise<ReadPsd> {
  const bytes = await writePsd(document);
  return PSD.parse(bytes.slice().buffer) as ReadPsd;
}

/** Names and nesting, top first as Photoshop's layers panel shows them. */
type Tree = (string | [string, Tree])[];
const treeOf = (nodes: readonly Node[]): Tree =>
  nodes.map((node) => (node.type === 'Group' ? [node.name, treeOf(node.children ?? [])] : node.name));

describe('a PSD in another program', () => {
  it('has the groups and names of the document, in the order of the layers panel', async () => {
    expect(treeOf((await reread(inkedPage())).children)).toEqual([
      'Lines',
      'Notes',
      'Shading',
      ['Colours 色', ['Touch-ups ✎', 'Flats']],
      'Paper',
    ]);
  });

  it('keeps groups in groups, empty ones too', async () => {
    const inner = groupOf('Inner', [layerOf('Deep', filled(2, 2, [1, 2, 3, 255]))]);
    const document = documentOf(4, 4, [
      groupOf('Outer', [inner, layerOf('Side', filled(1, 1, [9, 9, 9, 255]))]),
      groupOf('Empty', []),
    ]);
    expect(treeOf((await reread(document)).children)).toEqual([
      ['Empty', []],
      ['Outer', ['Side', ['Inner', ['Deep']]]],
    ]);
  });

  it('keeps every blend mode', async () => {
    const layers = BLEND_MODES.map((blend) => layerOf(blend, filled(2, 2, [1, 2, 3, 255]), { blend }));
    const psd = await reread(documentOf(2, 2, layers));
    const read = psd.children.map((node) => [node.name, propertiesOf(node).blendMode]);
    expect(read).toEqual(BLEND_MODES.map((blend) => [blend, KEYS[psdBlendName(blend)]]).reverse());
  });

  it('keeps opacity, visibility, the locks, the resolution and the size', async () => {
    const psd = await reread(inkedPage());
    const byName = new Map(psd.layers.map((layer) => [layer.name, layer]));
    expect(byName.get('Shading')!.opacity).toBe(128);
    expect(byName.get('Notes')!.isHidden).toBe(true);
    expect(byName.get('Lines')!.isHidden).toBe(false);
    expect(byName.get('Flats')!.additionalProperties['lspf']).toBeDefined();
    expect(psd.children.find((node) => node.name === 'Colours 色')!.opacity).toBe(204);
    expect(psd.resolutionInfo).toMatchObject({ horizontal: 300, vertical: 300 });
    expect([psd.width, psd.height]).toEqual([60, 40]);
  });

  it('has every layer pixel where it was, and nothing but transparency around it', async () => {
    const rim = painted(20, 10, (x, y) =>
      x > 3 && x < 9 && y > 1 && y < 8 ? [x, y, 40, 200] : [77, 77, 77, 0],
    );
    const document = documentOf(30, 20, [
      layerOf('Noise', noise(30, 20, 5)),
      layerOf('Trimmed', rim, { x: -6, y: 13 }),
      layerOf(
        'Runs',
        painted(300, 3, (x) => [x >> 7, x >> 1, x % 3 ? 7 : 9, 255]),
      ),
      layerOf('Nothing', filled(8, 8, [50, 60, 70, 0]), { x: 3, y: 3 }),
    ]);
    const psd = await reread(document);
    for (const layer of psd.layers) {
      const written = document.layers.find((l) => l.name === layer.name)!;
      if (written.kind !== 'raster') continue;
      const { pixels } = written;
      const read = layer.width > 0 ? await layer.composite(false) : new Uint8ClampedArray();
      let seen = 0;
      for (let y = 0; y < pixels.height; y++)
        for (let x = 0; x < pixels.width; x++) {
          const from = (y * pixels.width + x) * 4;
          if (pixels.data[from + 3] === 0) continue;
          seen++;
          const at = ((written.y + y - layer.top) * layer.width + written.x + x - layer.left) * 4;
          for (let c = 0; c < 4; c++)
            if (read[at + c] !== pixels.data[from + c])
              throw new Error(`${layer.name} differs at ${x}, ${y}`);
        }
      expect(read.filter((v, i) => i % 4 === 3 && v > 0).length).toBe(seen);
    }
    const trimmed = psd.layers.find((layer) => layer.name === 'Trimmed')!;
    expect([trimmed.left, trimmed.top, trimmed.width, trimmed.height]).toEqual([-2, 15, 5, 6]);
  });

  it('shows the flattened page where only the composite is read', async () => {
    const document = inkedPage();
    const psd = await reread(document);
    expect(Buffer.compare(Buffer.from(await psd.composite(false)), Buffer.from(flatten(document).data))).toBe(
      0,
    );
  });
});

describe('writing a PSD', () => {
  it('gives the same bytes for the same document', async () => {
    const [first, second] = [await writePsd(inkedPage()), await writePsd(inkedPage())];
    expect(Buffer.compare(first, second)).toBe(0);
  });

  it('an empty document and pages of a few pixels can be opened, and show the same picture', async () => {
    expect((await reread(documentOf(3, 2, []))).width).toBe(3);
    for (const [width, height] of [
      [1, 1],
      [1, 5],
      [2, 3],
      [3, 1],
      [129, 2],
    ] as const) {
      const document = documentOf(width, height, [layerOf('Dots', noise(width, height, 8, true))]);
      const psd = await reread(document);
      expect(psd.layers).toHaveLength(1);
      expect(
        Buffer.compare(Buffer.from(await psd.composite(false)), Buffer.from(flatten(document).data)),
      ).toBe(0);
    }
  });

  it('a page above 30000 pixels a side is refused with the remedy, before any work', async () => {
    await expect(writePsd(documentOf(30001, 10, []))).rejects.toMatchObject({
      kind: 'input',
      message: 'A PSD can be 30000 pixels a side at most and this page is 30001x10; save it as .ora instead.',
    });
  });

  it('hears a cancel between layers and reports how far it is', async () => {
    const controller = new AbortController();
    const steps: string[] = [];
    const layers: Layer[] = ['One', 'Two', 'Three'].map((name) => layerOf(name, noise(9, 9, 7)));
    const writing = writePsd(documentOf(9, 9, layers), {
      signal: controller.signal,
      progress: (fraction, step) => {
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThan(1);
        steps.push(step);
        if (step.endsWith('Two')) controller.abort();
      },
    });
    await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
    expect(steps).toEqual(['Compressing layer One', 'Compressing layer Two']);
  });
});
