import type { FaceChannel, FaceInfo } from './contract/face.ts';
import type { Handlers } from './contract/session.ts';
import { CANVAS_PX, FACE_PARTS, FACE_WINDOWS } from './face/parts.ts';
import { Failure } from './failure.ts';

const MAX_NEIGHBOURS = 64;

const MISSING = 'There is no face model. Add one with "inkwash models add FILE".';

/** What `face.info` says where no face model is installed. */
const WITHOUT_MODEL: FaceInfo = {
  installed: false,
  sentence: MISSING,
  title: '',
  summary: '',
  canvasPx: CANVAS_PX,
  outputPx: 0,
  people: { all: 0, feminine: 0, masculine: 0 },
  defaultNeighbours: 10,
  maxNeighbours: MAX_NEIGHBOURS,
  windows: FACE_PARTS.map((part) => ({ part, ...FACE_WINDOWS[part] })),
  credits: '',
};

/** One room's faces: the contract's face channels. */
export function openFaceRoom(): { readonly handlers: Pick<Handlers, FaceChannel> } {
  const missing = (): Promise<never> => Promise.reject(new Failure('input', MISSING));
  return {
    handlers: {
      'face.info': async () => WITHOUT_MODEL,
      'face.open': missing,
      'face.close': missing,
      'face.update': missing,
      'face.morph': missing,
      'face.shadow': missing,
      'face.nearest': missing,
      'face.people': missing,
      'face.part': missing,
      'face.sketch': missing,
      'face.export': missing,
    },
  };
}
