import { openFaceRoom } from '../../../electron/face-room.ts';

const none = { faceModel: undefined, faces: () => Promise.reject(new Error('There is no face model.')) };

/** Without a face model, like a real host that has none. */
export const fakeFaceHandlers = () => openFaceRoom(none).handlers;
