import { openFaceRoom } from '../../../electron/face-room.ts';

/** Without a face model, like a real host that has none. */
export const fakeFaceHandlers = () => openFaceRoom().handlers;
