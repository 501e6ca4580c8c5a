# `inkwash` taught to find places first: mostly warped copies, and none of the terms that cost as
# much as the rest and say nothing of where a colour comes from. configs/inkwash.py goes on from it.
from . import inkwash as _base

method = _base.method
seed = _base.seed
cache_size = _base.cache_size
line_variants = _base.line_variants
self_share = 0.8
natural_share = _base.natural_share
warp_reach = _base.warp_reach
key_width = _base.key_width
width = _base.width
stages = ((0.0, 192, 10, 0.75),)
learning_rate = 2e-4
final_rate = 0.1
warmup_steps = 50
discriminator_rate = _base.discriminator_rate
ema = 0.995
weights = _base.weights | {"flow": 1.0, "rec": 10.0, "low": 10.0}
_never = 2.0  # of the budget
begins = dict.fromkeys(_base.weights, 0.0) | dict.fromkeys(
    ("log", "lpips", "structure", "near", "lines", "palette", "offered", "teach"), _never
)
options = _base.options | {
    "zoom_share": 0.25,
    "shuffle_share": 0.1,
    "second_share": 0.15,
    "drop_share": 0.02,
    "hint_share": 0.1,
    "pin_share": 0.1,
    "palette_share": 0.05,
    "frame_share": 0.0,
    "teachers": {},
}
