import { createHash } from 'node:crypto';
import type { Raster } from '../raster.ts';
import type { ColorizeMethod, MethodContext, ReferenceFeatures } from './method.ts';
import { referenceSizePx } from './model-size.ts';

/** What tells a picture from all others, whatever file or window it came from. */
export function contentHash({ data, width, height, channels }: Raster): string {
  return createHash('sha256').update(`${width} ${height} ${channels} `).update(data).digest('hex');
}

/** Encoded references of all windows, by picture, model and size; those not used for longest make room. */
export interface FeatureCache {
  /** @param hash contentHash of `picture`. A failed or cancelled encoding is not kept. */
  encode(
    method: ColorizeMethod,
    context: MethodContext,
    picture: Raster,
    hash: string,
    sizePx: number,
  ): Promise<ReferenceFeatures>;
}

/** Where features outlast the program, for pictures it knows by their contentHash. Never fails: it may find and keep nothing. */
export interface FeatureShelf {
  find(pictureHash: string, key: string): Promise<ReferenceFeatures | undefined>;
  keep(pictureHash: string, key: string, features: ReferenceFeatures): Promise<void>;
}

/** @param maxBytes of tensor data kept in memory; a single larger entry is not kept at all. */
export function createFeatureCache(maxBytes: number, shelf?: FeatureShelf): FeatureCache {
  // A Map keeps its order: the first entry is the one not used for longest.
  const entries = new Map<string, { features: ReferenceFeatures; bytes: number }>();
  let held = 0;
  return {
    async encode(method, context, picture, hash, sizePx) {
      const { manifest, hash: modelHash } = context.model;
      const key = `${hash} ${modelHash} ${referenceSizePx(manifest, sizePx)}`;
      const known = entries.get(key);
      if (known) {
        entries.delete(key);
        entries.set(key, known);
        return known.features;
      }
      let features = await shelf?.find(hash, key);
      if (!features) {
        features = await method.encodeReference(context, picture, sizePx);
        await shelf?.keep(hash, key, features);
      }
      const bytes = Object.values(features.tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
      if (bytes > maxBytes || entries.has(key)) return features;
      entries.set(key, { features, bytes });
      held += bytes;
      for (const [oldest, entry] of entries) {
        if (held <= maxBytes) break;
        entries.delete(oldest);
        held -= entry.bytes;
      }
      return features;
    },
  };
}
