import { z } from 'zod';
import { hexColour, id } from './guidance.ts';
import { bytes, nothing, pictureBytes, pictureName, referenceInfo } from './values.ts';

/**
 * The gallery's channels, part of the contract's table: pictures kept between sessions, with tags and favourites, for
 * every workspace. A search gives ids in order, cheap enough for thousands; what is on screen is then asked for by id.
 * Every window and program of the user works on the same gallery; `gallery.watch` tells when another changed it.
 */

/** What one call may name; a window with more selected calls again. */
export const MOST_PICTURES_A_CALL = 4000;

const pictureId = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const pictureIds = z.array(pictureId).min(1).max(MOST_PICTURES_A_CALL);
const tag = z
  .string()
  .trim()
  .min(1)
  .max(64)
  // eslint-disable-next-line no-control-regex
  .regex(/^[^,\u0000-\u001f]+$/, 'a tag without commas');
const tags = z.array(tag).max(64);

export const galleryPicture = z.object({
  pictureId,
  name: z.string(),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  format: z.enum(['png', 'jpeg', 'webp', 'tiff', 'gif']),
  /** Size of the file. */
  byteCount: z.number().int(),
  /** Milliseconds since 1970; `usedAt` null when it has not been a reference yet. */
  addedAt: z.number(),
  usedAt: z.number().nullable(),
  favourite: z.boolean(),
  /** The file is gone; only what is known of it is left. */
  missing: z.boolean(),
  /** In alphabetical order. */
  tags: z.array(z.string()),
  /** Most frequent colours first, `#rrggbb`. */
  palette: z.array(z.string()),
  /** Four horizontal bands from the top, four colours each. */
  bands: z.array(z.string()).length(16),
});

export const GALLERY_SORTS = ['added', 'used', 'name', 'hue', 'size'] as const;

const added = z.object({
  /** `there`: the very file was in already; `found`: its file was missing and is back; `restored`: it had been removed. */
  outcome: z.enum(['added', 'there', 'found', 'restored']),
  picture: galleryPicture,
  /** Others that look the same, nearest first. */
  lookalikes: z.array(pictureId),
  /** Plain sentences about what was done on reading ("its first picture is used"). */
  notes: z.array(z.string()),
});
const keep = { tags: tags.default([]) };
const revision = z.number().int();
const changed = z.object({ revision });

export const galleryChannels = {
  'gallery.state': {
    args: nothing,
    result: z.object({
      revision,
      /** The folder it lies in. */
      location: z.string(),
      writable: z.boolean(),
      pictures: z.number().int(),
      favourites: z.number().int(),
      /** Pictures whose files are gone. */
      missing: z.number().int(),
      /** In alphabetical order, with how many pictures have each. */
      tags: z.array(z.object({ name: z.string(), pictures: z.number().int() })),
      /** Plain sentences: what was found damaged and mended since the program started, and which files are gone. */
      notes: z.array(z.string()),
    }),
  },
  /** Waits until the gallery is no longer at `revision`, whoever changed it; ends when cancelled. */
  'gallery.watch': { args: z.strictObject({ revision }), result: changed },
  /** Pictures that have all that is asked for. */
  'gallery.search': {
    args: z.strictObject({
      /** Each word must be in the name or in a tag; upper case and accents do not count. */
      text: z.string().max(256).default(''),
      tags: tags.default([]),
      favourites: z.boolean().default(false),
      missing: z.boolean().default(false),
      /** Only pictures with a colour like this one, those with most of it first, whatever `sort` says. */
      colour: hexColour.optional(),
      /** `added` and `used`: newest first; `hue`: round the colour circle, greys last; `size`: largest first. */
      sort: z.enum(GALLERY_SORTS).default('added'),
      reversed: z.boolean().default(false),
    }),
    result: z.object({ revision, ids: z.array(pictureId) }),
  },
  /** What is known of some pictures; those that are not there any more are left out. */
  'gallery.pictures': {
    args: z.strictObject({ ids: z.array(pictureId).max(256) }),
    result: z.object({ pictures: z.array(galleryPicture) }),
  },
  /** WebP, at most 320 px a side; made anew where it was lost. Left out for pictures that can't be shown. */
  'gallery.thumbnails': {
    args: z.strictObject({ ids: z.array(pictureId).max(64) }),
    result: z.object({ thumbnails: z.array(z.object({ pictureId, webp: bytes })) }),
  },
  /** Keeps a picture file; the same file twice is one picture. */
  'gallery.add': {
    args: z.strictObject({ name: pictureName, bytes: pictureBytes, ...keep }),
    result: added,
  },
  /** Keeps what a drawing shows, or one of its layers, as a PNG. */
  'gallery.addDrawing': {
    args: z.strictObject({
      documentId: id,
      layerId: z.string().min(1).max(200).optional(),
      name: pictureName,
      ...keep,
    }),
    result: added,
  },
  /** Keeps a reference of which the window has no file. */
  'gallery.addReference': { args: z.strictObject({ referenceId: id, ...keep }), result: added },
  /** Makes a picture a reference of this window. */
  'gallery.use': { args: z.strictObject({ pictureId }), result: referenceInfo },
  /** The file as it was added. */
  'gallery.file': {
    args: z.strictObject({ pictureId }),
    result: z.object({ name: z.string(), mime: z.string(), bytes }),
  },
  'gallery.rename': { args: z.strictObject({ pictureId, name: pictureName }), result: changed },
  'gallery.tag': {
    args: z.strictObject({ ids: pictureIds, add: tags.default([]), remove: tags.default([]) }),
    result: changed,
  },
  /** Gives a tag another name, everywhere; joins the two when there is one of that name. */
  'gallery.renameTag': { args: z.strictObject({ from: tag, to: tag }), result: changed },
  'gallery.favourite': { args: z.strictObject({ ids: pictureIds, favourite: z.boolean() }), result: changed },
  /** Out of sight; the files stay for a day, so that `gallery.restore` can bring them back. */
  'gallery.remove': { args: z.strictObject({ ids: pictureIds }), result: changed },
  'gallery.restore': { args: z.strictObject({ ids: pictureIds }), result: changed },
  /** Groups of pictures that look the same, apart from those that were said not to be. */
  'gallery.lookalikes': { args: nothing, result: z.object({ groups: z.array(z.array(pictureId)) }) },
  /** These only look the same: they are not shown as lookalikes of each other again. */
  'gallery.keepApart': {
    args: z.strictObject({ ids: z.array(pictureId).min(2).max(100) }),
    result: changed,
  },
} as const satisfies Record<string, { args: z.ZodType; result: z.ZodType }>;

export type GalleryChannel = keyof typeof galleryChannels;
export type GalleryPicture = z.infer<typeof galleryPicture>;
export type GallerySort = (typeof GALLERY_SORTS)[number];
export type GalleryState = z.infer<(typeof galleryChannels)['gallery.state']['result']>;
export type GalleryQuery = z.output<(typeof galleryChannels)['gallery.search']['args']>;
export type GalleryAdded = z.infer<typeof added>;
