import type { FaceManifest } from '../engine/face-manifest.ts';
import type { FaceModel } from '../engine/registry.ts';
import type { Engine } from '../engine/types.ts';
import { readKnownFaces, type KnownFaces } from './known-faces.ts';
import { faceNetworks, type FaceNetworks } from './networks.ts';
import { faceTemplate, type FaceTemplate } from './place.ts';

/** A face model ready for use: what all faces of a host share. */
export interface FaceSystem {
  readonly manifest: FaceManifest;
  readonly networks: FaceNetworks;
  readonly known: KnownFaces;
  /** What the known faces have in common, to find faces in pictures by; made at first use. */
  template(): Promise<FaceTemplate>;
}

/** People the template is made of, evenly out of the bank. */
const TEMPLATE_PEOPLE = 48;

/** @throws Failure `input` naming the file of the bank that is not right. */
export async function loadFaceSystem(engine: Engine, model: FaceModel): Promise<FaceSystem> {
  const known = await readKnownFaces(model);
  let template: Promise<FaceTemplate> | undefined;
  return {
    manifest: model.manifest,
    networks: faceNetworks(engine, model),
    known,
    template() {
      const people = known.bank.people.length;
      const taken = Math.min(people, TEMPLATE_PEOPLE);
      // Each with the mirror image, so that what all share is even.
      const entries = Array.from({ length: taken }, (_, i) => Math.floor((i * people) / taken));
      template ??= Promise.all(entries.flatMap((e) => [known.sketch(e), known.sketch(e + people)])).then(
        faceTemplate,
      );
      template.catch(() => (template = undefined));
      return template;
    },
  };
}
