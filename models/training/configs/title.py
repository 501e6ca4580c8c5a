# `inkwash` adapted to one title from a handful of coloured pages: configs/inkwash.py, but gently,
# and with the title's own colours most of the time. training/finetune.py uses it.
from . import inkwash as _base

method = _base.method
seed = _base.seed
cache_size = _base.cache_size
line_variants = 4
self_share = 0.3
natural_share = 1.0  # a title's colours are what is to be learned
warp_reach = _base.warp_reach
key_width = _base.key_width
width = _base.width
stages = ((0.0, 192, 8, 0.6),)
learning_rate = 2e-5  # ten times that unlearned more than a handful of pages could teach
final_rate = 0.02
warmup_steps = 20
discriminator_rate = _base.discriminator_rate
ema = 0.98
weights = _base.weights
begins = dict.fromkeys(_base.weights, 0.0)
options = _base.options | {
    "cross_natural_share": 1.0,
    "second_share": 0.5,
    "drop_share": 0.15,
    "frame_share": 0.0,  # its pages have their own
    "teachers": {},
}
