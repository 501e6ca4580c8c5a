import { z } from 'zod';
import { bankBytes } from '../face/bank.ts';
import { CANVAS_PX, FACE_PARTS, type FacePart, type FaceWindow, type PerPart } from '../face/parts.ts';
import { commonFields, fileFields, type GraphFields } from './manifest-fields.ts';

/** The method's id, and that of the model that ships for it. */
export const FACE_METHOD = 'face';
const MAX_PEOPLE = 20_000;

const bankFile = z.strictObject(fileFields(/^[A-Za-z0-9_-][A-Za-z0-9._-]*\.(bin|json)$/));
const px = z.number().int().min(0).max(CANVAS_PX);
const partWindow = z.strictObject({ x: px, y: px, size: px.min(8) });

/** Inputs of the synthesising graph, by part. */
export const SYNTHESISE_INPUTS: PerPart<string> = {
  'left-eye': 'left_eye',
  'right-eye': 'right_eye',
  nose: 'nose',
  mouth: 'mouth',
  rest: 'rest',
};

export const faceManifestSchema = z
  .object({
    ...commonFields,
    method: z.literal(FACE_METHOD),
    canvasPx: z.literal(CANVAS_PX),
    /** Side at which networks see a sketch, px. */
    workPx: z
      .number()
      .int()
      .min(64)
      .max(CANVAS_PX)
      .refine((side) => CANVAS_PX % side === 0, `it does not divide ${CANVAS_PX}`),
    outputPx: z.number().int().min(64).max(1024),
    /** Numbers in a part's vector. */
    latent: z.number().int().min(8).max(2048),
    neighbours: z.number().int().min(1).max(64),
    /** Of the Gram matrix's trace, in locally linear weights. */
    regularisation: z.number().min(0).max(1),
    /** Windows, px of the work size. */
    parts: z.strictObject({
      'left-eye': partWindow,
      'right-eye': partWindow,
      nose: partWindow,
      mouth: partWindow,
      rest: partWindow,
    }),
    bank: z.strictObject({
      count: z.number().int().positive(),
      people: z.number().int().positive().max(MAX_PEOPLE),
      vectors: bankFile,
      sketches: bankFile,
      table: bankFile,
    }),
  })
  .superRefine((manifest, context) => {
    const fault = faultOf(manifest);
    if (fault) context.addIssue({ code: 'custom', path: fault.path, message: fault.message });
  });
export type FaceManifest = z.infer<typeof faceManifestSchema>;

interface Fault {
  readonly path: string[];
  readonly message: string;
}

/** What of a manifest contradicts itself: windows, shapes of graphs, size of the bank. */
function faultOf(manifest: Omit<FaceManifest, 'method'>): Fault | undefined {
  const { workPx, latent, parts, graphs, bank, outputPx } = manifest;
  for (const part of FACE_PARTS) {
    const { x, y, size } = parts[part];
    const whole = part === 'rest' && (x !== 0 || y !== 0 || size !== workPx);
    if (whole || x + size > workPx || y + size > workPx)
      return {
        path: ['parts', part],
        message: whole ? 'it is not the whole sketch' : 'it leaves the sketch',
      };
  }
  for (const [name, expected] of Object.entries(expectedGraphs({ latent, parts, outputPx }))) {
    const graph = graphs[name];
    if (!graph) {
      if (name.startsWith('decode-')) continue;
      return { path: ['graphs'], message: `it lacks "${name}"` };
    }
    const wrong = shapesDiffer(graph, expected);
    if (wrong) return { path: ['graphs', name, wrong], message: 'it is not what faces need' };
  }
  const files = [...Object.values(graphs), bank.vectors, bank.sketches, bank.table].map(({ file }) => file);
  if (files.includes('manifest.json') || new Set(files).size < files.length)
    return { path: ['bank'], message: 'two of its files have one name' };
  if (bank.count !== 2 * bank.people)
    return { path: ['bank', 'count'], message: 'it is not two entries a person' };
  if (bank.vectors.bytes !== bankBytes(bank.count, latent))
    return { path: ['bank', 'vectors', 'bytes'], message: 'it is not the size of so many vectors' };
  return undefined;
}

type Shapes = Readonly<Record<string, readonly (number | undefined)[]>>;
interface Expected {
  readonly inputs: Shapes;
  readonly outputs: Shapes;
}

/** Shapes without the batch; undefined where any number is right. Decoders may be left out. */
function expectedGraphs(manifest: Pick<FaceManifest, 'latent' | 'parts' | 'outputPx'>) {
  const { latent, parts, outputPx } = manifest;
  const graphs: Record<string, Expected> = {};
  const maps: Record<string, (number | undefined)[]> = {};
  for (const part of FACE_PARTS) {
    const { size } = parts[part];
    const sketch = { sketch: [1, size, size] };
    const vector = { vector: [latent] };
    const map = [undefined, size, size];
    graphs[`encode-${part}`] = { inputs: sketch, outputs: vector };
    graphs[`map-${part}`] = { inputs: vector, outputs: { map } };
    graphs[`decode-${part}`] = { inputs: vector, outputs: sketch };
    maps[SYNTHESISE_INPUTS[part]] = map;
  }
  graphs['synthesise'] = { inputs: maps, outputs: { face: [3, outputPx, outputPx] } };
  return graphs;
}

/** The side of a graph that is not as expected. The batch, and an output's free dimensions, may have any name. */
function shapesDiffer(graph: GraphFields, expected: Expected): 'inputs' | 'outputs' | undefined {
  for (const side of ['inputs', 'outputs'] as const) {
    const [declared, wanted] = [graph[side], expected[side]];
    if (Object.keys(declared).length !== Object.keys(wanted).length) return side;
    for (const [name, shape] of Object.entries(wanted)) {
      const found = declared[name];
      if (found?.length !== shape.length + 1) return side;
      if (shape.some((n, i) => n !== undefined && typeof found[i + 1] === 'number' && found[i + 1] !== n))
        return side;
    }
  }
  return undefined;
}

/** A window of the manifest in the program's own words. */
export function workWindow(manifest: FaceManifest, part: FacePart): FaceWindow {
  const { x, y, size } = manifest.parts[part];
  return { xPx: x, yPx: y, sizePx: size };
}
