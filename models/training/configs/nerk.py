# Nerk, 256 px. Loss weights and the warp are the published ones; the schedule is ours.
method = "nerk"
seed = 1

# data
cache_size = 256  # squares are decoded to this size once
line_variants = 3  # drawings of each picture in the cache
self_share = 0.75  # exemplars that are the warped picture itself; the rest, pages of its story
natural_share = 0.25  # pairs whose colours a(.) leaves as they are
warp_reach = 0.4  # of the half width, at each of five points

# network
options = {"attention": "positions"}  # or "channels"; see networks/nerk.py

# schedule: (from this share of the budget, size in px, pictures a step, least share of a crop)
stages = ((0.0, 128, 16, 0.6), (0.6, 192, 8, 0.75))
cuda_stages = ((0.0, 128, 64, 0.6), (0.2, 192, 48, 0.7), (0.5, 256, 32, 0.8))
learning_rate = 4e-4
final_rate = 0.03  # share of learning_rate the cosine ends at
warmup_steps = 100
discriminator_rate = 2e-4
ema = 0.996

# loss weights, and the share of the budget after which a term is switched on
weights = {"rec": 100.0, "texture": 10.0, "adv": 1.0}
begins = {"rec": 0.0, "texture": 0.0, "adv": 0.5}
