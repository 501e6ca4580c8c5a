import { texts } from '../app/texts.ts';
import type { Command } from './commands.ts';
import { keptFaces } from './face-kept.svelte.ts';
import { faceMorph } from './face-morph.svelte.ts';
import { facePen } from './face-pen.svelte.ts';
import { fromFile, fromPaint } from './face-sources.ts';
import { startFrom } from './face-start.ts';
import { faceUse } from './face-use.svelte.ts';
import { face } from './face.svelte.ts';
import { chooseFiles } from './pictures.ts';
import { studio } from './studio.svelte.ts';
import { workspaces } from './workspace.svelte.ts';

const here = (): boolean => workspaces.current === 'face';
const installed = (): boolean => here() && face.installed;

export function chooseKnown(purpose: 'start' | 'morph'): void {
  face.choosingFor = purpose;
  studio.dialog = 'knownFaces';
}

export function chooseFromGallery(purpose: 'start' | 'morph' | 'part'): void {
  face.choosingFor = purpose;
  studio.dialog = 'galleryFaces';
}

/** The workspaces, and what is done in Face. */
export const faceCommands = {
  workspacePaint: {
    title: () => texts.commands.workspacePaint,
    keys: 'Ctrl+Alt+1',
    run: () => (workspaces.current = 'paint'),
  },
  workspaceFace: {
    title: () => texts.commands.workspaceFace,
    keys: 'Ctrl+Alt+2',
    run: () => (workspaces.current = 'face'),
  },
  faceKnown: { title: () => texts.commands.faceKnown, enabled: installed, run: () => chooseKnown('start') },
  faceGallery: {
    title: () => texts.commands.faceGallery,
    enabled: installed,
    run: () => chooseFromGallery('start'),
  },
  facePaint: {
    title: () => texts.commands.facePaint,
    enabled: () => installed() && fromPaint() !== undefined,
    run: () => {
      const drawing = fromPaint();
      if (drawing) void startFrom(drawing);
    },
  },
  faceMirror: {
    title: () => texts.commands.faceMirror,
    context: 'face',
    keys: 'S',
    enabled: here,
    checked: () => facePen.mirrored,
    run: () => facePen.set({ mirrored: !facePen.mirrored }),
  },
  faceShadow: {
    title: () => texts.commands.faceShadow,
    context: 'face',
    keys: 'Shift+S',
    enabled: here,
    checked: () => facePen.shadow,
    run: () => facePen.set({ shadow: !facePen.shadow }),
  },
  faceKeep: {
    title: () => texts.commands.faceKeep,
    context: 'face',
    keys: 'Shift+K',
    enabled: () => here() && keptFaces.canKeep,
    run: () => void keptFaces.keepForGood(),
  },
  faceMorphPicture: {
    title: () => texts.commands.faceMorphPicture,
    enabled: installed,
    run: () => void chooseFiles(false).then(([file]) => (file ? faceMorph.begin(fromFile(file)) : undefined)),
  },
  faceMorphKnown: {
    title: () => texts.commands.faceMorphKnown,
    enabled: installed,
    run: () => chooseKnown('morph'),
  },
  faceMorphGallery: {
    title: () => texts.commands.faceMorphGallery,
    enabled: installed,
    run: () => chooseFromGallery('morph'),
  },
  facePartGallery: {
    title: () => texts.commands.facePartGallery,
    enabled: installed,
    run: () => chooseFromGallery('part'),
  },
  faceMorphEnd: {
    title: () => texts.commands.faceMorphEnd,
    enabled: () => here() && faceMorph.second !== undefined,
    run: () => faceMorph.end(),
  },
  faceToCanvas: {
    title: () => texts.commands.faceToCanvas,
    context: 'face',
    keys: 'Ctrl+Enter',
    enabled: () => here() && (faceUse.ready || faceUse.sketched),
    run: () => void faceUse.toCanvas(),
  },
  faceToReference: {
    title: () => texts.commands.faceToReference,
    context: 'face',
    keys: 'Ctrl+Shift+R',
    enabled: () => here() && faceUse.ready,
    run: () => void faceUse.toReference(),
  },
  faceColour: {
    title: () => texts.commands.faceColour,
    enabled: () => here() && faceUse.ready && faceUse.methods.length > 0,
    run: () => {
      const [method] = faceUse.methods;
      if (method) void faceUse.colour(method.id);
    },
  },
  faceExportSketch: {
    title: () => texts.commands.faceExportSketch,
    enabled: () => here() && faceUse.sketched,
    run: () => void faceUse.export('sketch'),
  },
} as const satisfies Record<string, Command>;
