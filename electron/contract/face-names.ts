import type { FaceChannel } from './face.ts';

export const faceNames: Record<FaceChannel, true> = {
  'face.info': true,
  'face.open': true,
  'face.close': true,
  'face.update': true,
  'face.morph': true,
  'face.shadow': true,
  'face.nearest': true,
  'face.people': true,
  'face.part': true,
  'face.sketch': true,
  'face.export': true,
};
