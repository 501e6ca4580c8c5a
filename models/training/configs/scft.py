# SCFT, 256 px. Loss weights and margin are the paper's (section 3.4); the schedule is ours.
method = "scft"
seed = 1

# data
cache_size = 256  # squares are decoded to this size once
line_variants = 3  # drawings of each picture in the cache
self_share = 0.6  # augmented-self pairs; the rest are other pictures of the same story
natural_share = 0.25  # pairs whose colours a(.) leaves as they are
warp_reach = 0.3  # s(.): of the half width

# network
key_width = 256
width = 224

# schedule: (from this share of the budget, size in px, pictures a step, least share of a crop)
stages = ((0.0, 128, 16, 0.6), (0.36, 192, 10, 0.75), (0.62, 256, 8, 0.85))
cuda_stages = ((0.0, 192, 48, 0.7), (0.3, 256, 32, 0.8))
learning_rate = 6e-4
final_rate = 0.03  # share of learning_rate the cosine ends at
warmup_steps = 200
discriminator_rate = 2e-4
ema = 0.998

# loss weights, and the share of the budget after which a term is switched on
weights = {"rec": 30.0, "adv": 1.0, "style": 50.0, "perc": 0.01, "triplet": 1.0}
begins = {"rec": 0.0, "adv": 0.6, "style": 0.08, "perc": 0.08, "triplet": 0.0}
options = {"margin": 12.0, "feature_slices": 5}
