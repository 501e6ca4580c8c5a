import { z } from 'zod';

/** Opsets the shipped ONNX Runtime is tested with. */
const OPSET = { least: 11, most: 21 };
const MAX_FILE_BYTES = 64 * 1024 * 1024;

const dim = z.union([z.number().int().positive(), z.string().max(16)]);
const shapes = z.record(z.string().max(32), z.array(dim).max(8));

/** A file beside a manifest, by its bare name. */
export const fileFields = (name: RegExp) => ({
  file: z.string().max(64).regex(name),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().positive().max(MAX_FILE_BYTES),
});

export const graphSchema = z.strictObject({
  ...fileFields(/^[A-Za-z0-9._-]+\.onnx$/),
  inputs: shapes,
  outputs: shapes,
});
export type GraphFields = z.infer<typeof graphSchema>;

/** What every model's manifest begins with. */
export const commonFields = {
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().max(64),
  summary: z.string().max(300),
  licence: z.string().max(64),
  opset: z.number().int().min(OPSET.least).max(OPSET.most),
  graphs: z.record(z.string().max(32), graphSchema),
};

/** A file a model consists of. */
export interface ModelFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}
