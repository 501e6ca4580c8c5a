# Inkwash's own colorizer.
method = "inkwash"
seed = 1

# data
cache_size = 256
line_variants = 3
self_share = 0.4  # warped copies; the rest are other pages of the same story
natural_share = 0.6  # self pairs whose colours stay as they are
warp_reach = 0.3

# network
key_width = 64
width = 96

# schedule: (from this share of the budget, size in px, pictures a step, least share of a crop)
stages = ((0.0, 128, 16, 0.6), (0.55, 192, 10, 0.7), (0.85, 256, 8, 0.8))
cuda_stages = ((0.0, 128, 64, 0.6), (0.12, 192, 48, 0.65), (0.35, 256, 32, 0.7))
learning_rate = 8e-4
final_rate = 0.02
warmup_steps = 200
discriminator_rate = 2e-4
ema = 0.998

# loss weights, and the share of the budget after which a term is switched on
weights = {
    "rec": 3.0,  # mean absolute difference
    "log": 3.0,  # logarithm of the mean squared error, which is PSNR
    "low": 4.0,  # the same of token-sized means: colour before detail
    "coarse": 7.0,  # the same of the colour without what is looked up in the reference
    "match": 0.3,  # the target's colour under the mixture of attended colours
    "flow": 0.5,  # where the warp says a token came from
    "aim": 0.3,  # half-size pixels between where a warped copy is looked up and the true place
    "fetched": 5.0,  # mean absolute difference of what was looked up there
    "obey": 2.0,  # hints and pins at their place
    "doubt": 0.1,  # the likelihood of the error it expects
    "lpips": 7.0,
    "structure": 1.2,  # one minus SSIM
    "near": 2.0,  # the share of the picture that is clearly another colour
    "lines": 1.0,  # how much less than the drawing's the fine structure is
    "palette": 6.0,  # of the colours themselves, wherever they are
    "offered": 39.5,  # of the reference's colours, where it is another page and the only guide
    "teach": 40.0,  # mean absolute difference from what the teachers paint there
}
begins = {
    "rec": 0.0,
    "log": 0.0,
    "low": 0.0,
    "coarse": 0.0,
    "match": 0.0,
    "flow": 0.0,
    "aim": 0.0,
    "fetched": 0.02,
    "obey": 0.0,
    "doubt": 0.1,
    "lpips": 0.3,
    "structure": 0.0,
    "near": 0.0,
    "lines": 0.0,
    "palette": 0.0,
    "offered": 0.0,
    "teach": 0.0,
}
options = {
    "fetches": True,  # whether the references' own pixels are looked up
    "reference_learns": True,  # if not, its slopes cost no time
    "reference_scene_learns": False,  # coloured pictures are near enough to photographs
    "drawing_scene_learns": True,  # if not, a step on a CPU takes a sixth less time
    "zoom_share": 0.3,  # of self pairs: the reference is a cut of the picture, enlarged
    "cross_natural_share": 0.85,
    "shuffle_share": 0.12,  # of self pairs: patches in random order
    "drop_share": 0.04,  # first reference missing
    "second_share": 0.25,  # batches with a second reference
    "sheet_share": 0.6,  # of their other pages: both references are a side of it on white paper
    "frame_share": 0.25,  # of other pages as only reference: in a frame, as is the drawing
    "palette_share": 0.08,
    "palette_alone_share": 0.7,  # where the first reference is missing
    "palette_colours": 8,
    "hint_share": 0.15,
    "pin_share": 0.25,  # of self pairs
    "repaint_share": 0.6,  # of hinted pictures: an object changed that only the hint tells of
    "most_hints": 12,
    "lpips_side": 0.625,  # of the square LPIPS looks at, of the whole: it costs as much as the rest
    "teachers": {"inkwash": 4, "scft": 1},  # folders of models/, and how many views each is shown
    "kept_share": 0.6,  # of the steps, where lessons have been kept: those that learn from them
    "lesson_moved": 0.33,  # how far a lesson's colours are moved to the reference's
}
