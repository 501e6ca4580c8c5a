# Attentioned Deep Paint. Loss weights and pool are the published ones; the schedule is ours.
method = "palette"
seed = 1

# data
cache_size = 256  # squares are decoded to this size once
line_variants = 3  # drawings of each picture in the cache
self_share = 0.75  # palettes of the warped picture itself; the rest, of pages of its story
natural_share = 0.25  # pairs whose colours a(.) leaves as they are
warp_reach = 0.15  # of the half width: the published palette is the picture's own

# network
options = {"pool": 50}  # pictures the discriminator remembers

# schedule: (from this share of the budget, size in px, pictures a step, least share of a crop)
stages = ((0.0, 128, 16, 0.7), (0.5, 192, 10, 0.8), (0.8, 256, 6, 0.9))
cuda_stages = ((0.0, 192, 48, 0.75), (0.4, 256, 32, 0.85))
learning_rate = 5e-4
final_rate = 0.03  # share of learning_rate the cosine ends at
warmup_steps = 100
discriminator_rate = 2e-4
ema = 0.996

# loss weights, and the share of the budget after which a term is switched on
weights = {"rec": 100.0, "adv": 1.0}
begins = {"rec": 0.0, "adv": 0.4}
