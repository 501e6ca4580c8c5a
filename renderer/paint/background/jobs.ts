import type { PaintDocument } from '../document.ts';
import { areaAround, type Area, type FillOptions, type Picture } from '../fill.ts';
import { bytesOf, maskFrom, type Mask } from '../mask.ts';
import { outlineOf } from '../outline.ts';
import { remapPage, scalePage, type PageScale } from '../page/page-operations.ts';
import type { Remap } from '../page/remap.ts';
import { reachOf, reshape, type Reshape } from '../reshape.ts';
import { intersect, type Rect, type Tiles } from '../tiles.ts';
import { put, type Lifted, type PutOptions, type Placement } from '../transform.ts';

/*
 * What takes longer than a frame on a full page, each a pure function of what it is given. They run in a worker of the
 * window (state/background.ts); nothing here knows that.
 */

export type Progress = (part: number) => void;

export const jobs = {
  area: (
    { picture, x, y, options }: { picture: Picture; x: number; y: number; options: FillOptions },
    _progress: Progress,
  ): Area | undefined => areaAround(picture, x, y, options),

  outline: ({ mask }: { mask: Mask }, _progress: Progress): string => outlineOf(mask),

  reshape: (
    { mask, how, px, page }: { mask: Mask; how: Reshape; px: number; page: Rect },
    _progress: Progress,
  ): Mask | undefined => {
    const reach = reachOf(how, px);
    const { bounds } = mask;
    const area = intersect(
      {
        left: bounds.left - reach,
        top: bounds.top - reach,
        right: bounds.right + reach,
        bottom: bounds.bottom + reach,
      },
      page,
    );
    const bytes = reshape(bytesOf(mask, area), area.right - area.left, area.bottom - area.top, how, px, {
      left: area.left === page.left,
      top: area.top === page.top,
      right: area.right === page.right,
      bottom: area.bottom === page.bottom,
    });
    return maskFrom(bytes, area);
  },

  remap: ({ document, how }: { document: PaintDocument; how: Remap }, _progress: Progress): PaintDocument =>
    remapPage(document, how),

  scale: (
    { document, scale }: { document: PaintDocument; scale: PageScale },
    progress: Progress,
  ): PaintDocument => scalePage(document, scale, progress),

  transform: (
    {
      lifted,
      placement,
      page,
      options,
    }: { lifted: Lifted; placement: Placement; page: Rect; options: PutOptions },
    _progress: Progress,
  ): Tiles => put(lifted, placement, page, options),
} as const;

export type JobName = keyof typeof jobs;
export type JobInput<N extends JobName> = Parameters<(typeof jobs)[N]>[0];
export type JobResult<N extends JobName> = ReturnType<(typeof jobs)[N]>;
