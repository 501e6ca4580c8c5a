/** Shapes a brush's tip can have beside the round one. */
export const TIPS = ['round', 'chalk', 'bristle', 'spatter', 'leaf'] as const;
export type Tip = (typeof TIPS)[number];

const SIDE = 64;
const pictures = new Map<Tip, Float32Array>();

/** How much a tip covers at a place of it, each coordinate from -1 to 1; 0 outside. Straight between its pixels. */
export function tipAt(tip: Tip, u: number, v: number): number {
  const x = ((u + 1) / 2) * SIDE - 0.5;
  const y = ((v + 1) / 2) * SIDE - 0.5;
  if (x < 0 || y < 0 || x >= SIDE - 1 || y >= SIDE - 1) return 0;
  let picture = pictures.get(tip);
  if (!picture) pictures.set(tip, (picture = draw(tip)));
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const at = top * SIDE + left;
  const upper = picture[at]! * (1 - fx) + picture[at + 1]! * fx;
  const lower = picture[at + SIDE]! * (1 - fx) + picture[at + SIDE + 1]! * fx;
  return upper * (1 - fy) + lower * fy;
}

/** Numbers in [0, 1), the same at every start. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) & 0xffff) / 0x10000;
  };
}

function draw(tip: Tip): Float32Array {
  const picture = new Float32Array(SIDE * SIDE);
  const random = numbers(tip.length * 7919);
  const each = (value: (u: number, v: number) => number): void => {
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const [u, v] = [((x + 0.5) / SIDE) * 2 - 1, ((y + 0.5) / SIDE) * 2 - 1];
        picture[y * SIDE + x] = Math.min(1, Math.max(0, value(u, v)));
      }
  };
  const dot = (cx: number, cy: number, radius: number, strength: number): void =>
    each((u, v) => {
      const here = picture[Math.floor(((v + 1) / 2) * SIDE) * SIDE + Math.floor(((u + 1) / 2) * SIDE)]!;
      const cover = (radius - Math.hypot(u - cx, v - cy)) * (SIDE / 2) + 0.5;
      return Math.max(here, Math.min(1, Math.max(0, cover)) * strength);
    });
  const inDisk = (reach: number): [number, number] => {
    const angle = random() * 2 * Math.PI;
    const away = Math.sqrt(random()) * reach;
    return [away * Math.cos(angle), away * Math.sin(angle)];
  };
  switch (tip) {
    case 'chalk': {
      // Grains of two sizes inside a worn disk.
      const coarse = Array.from({ length: 17 * 17 }, random);
      each((u, v) => {
        const away = Math.hypot(u, v);
        const cell = Math.floor(((v + 1) / 2) * 16) * 17 + Math.floor(((u + 1) / 2) * 16);
        const grain = coarse[cell]! * 0.55 + random() * 0.6;
        const rim = Math.min(1, (0.97 - away) * 6);
        return rim <= 0 ? 0 : Math.min(1, (grain - 0.3) * 2.6) * rim;
      });
      break;
    }
    case 'bristle':
      // Hairs side by side across the stroke; they draw streaks when the tip turns with it.
      for (let hair = 0; hair < 26; hair++) {
        const across = -0.9 + (hair / 25) * 1.8 + (random() - 0.5) * 0.06;
        dot((random() - 0.5) * 0.3, across, 0.025 + random() * 0.035, 0.35 + random() * 0.65);
      }
      break;
    case 'spatter':
      for (let drop = 0; drop < 30; drop++) {
        const [x, y] = inDisk(0.92);
        dot(x, y, 0.02 + random() ** 3 * 0.14, 1);
      }
      break;
    case 'leaf':
      // Where two disks overlap, one above the other.
      each((u, v) => (1.25 - Math.hypot(u, Math.abs(v) + 0.78)) * (SIDE / 3));
      break;
    case 'round':
      each((u, v) => (1 - Math.hypot(u, v)) * (SIDE / 2));
  }
  return picture;
}
