"""What the face model's training promises, on made-up faces."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from training.face import components, synthesis
from training.face.bank import Bank, build, packed, quantised, unpacked, write
from training.face.batches import MIRROR_ORDER, make, morph
from training.face.data import Faces
from training.face.export import export
from training.face.manifold import local_weights, projected
from training.face.networks import Components, Painter
from training.face.polylines import drawings
from training.face.shipped import ShippedFace
from training.face.sketches import FIELD, REAL, displaced, identity_grid, standard
from training.face.windows import INNER, PARTS, WINDOWS, cut, inside, laid


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def landmarks() -> torch.Tensor:
    """68 points where a face has them: a jaw, brows, a nose, eyes and lips."""
    turn = torch.linspace(0, 3.1416, 17)
    jaw = torch.stack([256 - 140 * turn.cos(), 240 + 220 * turn.sin()], 1)
    brows = [torch.tensor([x, 200.0]) for x in (150, 170, 190, 210, 230, 280, 300, 320, 340, 360)]
    nose = [torch.tensor([256.0, y]) for y in (240, 265, 290, 315)]
    nose += [torch.tensor([x, 330.0]) for x in (225, 240, 256, 272, 287)]
    eyes = []
    for middle in (192.0, 320.0):
        for x, y in ((-22, 0), (-8, -9), (8, -9), (22, 0), (8, 9), (-8, 9)):
            eyes.append(torch.tensor([middle + x, 240.0 + y]))
    lips = []
    for count, wide, high in ((12, 55.0, 20.0), (8, 40.0, 4.0)):
        around = torch.arange(count) / count * 6.2832
        lips += list(torch.stack([256 - wide * around.cos(), 374 - high * around.sin()], 1))
    return torch.cat([jaw, torch.stack([*brows, *nose, *eyes, *lips])])


def few_faces(count: int = 4) -> Faces:
    marks = landmarks()[None] + torch.randn(count, 68, 2, generator=seeded()) * 3
    contours = drawings(marks.numpy(), 2, 0)
    pictures = torch.from_numpy(255 - contours[:, :1]).expand(-1, 3, -1, -1).contiguous()
    large = pictures[:2].repeat_interleave(2, 2).repeat_interleave(2, 3)
    return Faces(
        [f"{k}.webp" for k in range(count)],
        torch.arange(count),
        ["feminine", "masculine", "", "masculine"][:count],
        marks,
        pictures,
        torch.from_numpy(contours),
        torch.tensor([0, 1]),
        large,
        torch.ones(count),
    )


def test_the_windows_are_those_of_the_paper() -> None:
    w = WINDOWS["mouth"]
    assert (w.x, w.y, w.size) == (85, 151, 96)
    assert [WINDOWS[p].size for p in PARTS] == [64, 64, 80, 96, 256]


def test_windows_cut_and_laid_again_are_the_sketch() -> None:
    sketch = torch.rand(2, 1, 256, 256, generator=seeded())
    windows = cut(sketch)
    assert torch.equal(laid(windows), sketch)
    assert float(windows["rest"][:, :, 155:240, 90:180].min()) == 1


def test_eyes_lie_over_the_nose_and_the_nose_over_the_mouth() -> None:
    maps = {
        p: torch.full((1, 1, WINDOWS[p].size, WINDOWS[p].size), float(k))
        for k, p in enumerate(PARTS)
    }
    whole = laid(maps)[0, 0]
    assert whole[130, 100] == 0  # left eye over nose
    assert whole[160, 100] == 2  # nose over mouth
    assert whole[0, 0] == 4


def test_weights_sum_to_one_and_a_point_between_neighbours_is_itself() -> None:
    near = torch.randn(3, 10, 512, generator=seeded())
    share = torch.rand(3, 10, generator=seeded(1))
    share = share / share.sum(1, keepdim=True)
    point = (share[:, :, None] * near).sum(1)
    weights = local_weights(point, near)
    assert torch.allclose(weights.sum(1), torch.ones(3), atol=1e-5)
    assert torch.allclose((weights[:, :, None] * near).sum(1), point, atol=0.02)


def test_projection_leaves_out_who_is_excluded() -> None:
    bank = torch.randn(30, 16, generator=seeded())
    free = projected(bank[:1], bank)
    barred = projected(bank[:1], bank, torch.arange(30)[None] == 0)
    assert torch.allclose(free, bank[:1], atol=0.05)
    assert float((barred - bank[:1]).norm()) > 0.5


def test_bank_vectors_survive_their_bytes() -> None:
    vectors = {p: torch.randn(6, 512, generator=seeded(k)) for k, p in enumerate(PARTS)}
    back = unpacked(packed(Bank(vectors, torch.arange(6))), 6)
    for part in PARTS:
        scale = quantised(vectors[part].numpy())[0]
        assert np.all(np.abs(back[part] - vectors[part].numpy()) <= scale * 0.51 + 1e-6)


def test_a_morph_brings_landmarks_where_another_face_has_them() -> None:
    source = landmarks()[None]
    target = source.clone()
    target[:, 27:36] += 12  # a nose elsewhere
    field = morph(source, target)
    spot = torch.zeros(1, 1, 256, 256)
    x, y = (source[0, 30] / 2).round().long()
    spot[0, 0, y - 2 : y + 3, x - 2 : x + 3] = 1
    moved = displaced(spot, field)[0, 0]
    middle = (
        moved.sum(0) @ torch.arange(256.0) / moved.sum(),
        moved.sum(1) @ torch.arange(256.0) / moved.sum(),
    )
    assert abs(float(middle[0]) - float(target[0, 30, 0] / 2)) < 1.5
    assert abs(float(middle[1]) - float(target[0, 30, 1] / 2)) < 1.5


def test_a_mirrored_mirror_is_the_face() -> None:
    order = torch.tensor(MIRROR_ORDER)
    assert torch.equal(order[order], torch.arange(68))
    turned = landmarks()[order] * torch.tensor([-1.0, 1.0]) + torch.tensor([512.0, 0.0])
    assert float((turned - landmarks())[:48].abs().max()) < 3


def test_an_unmoved_field_moves_nothing() -> None:
    picture = torch.rand(1, 3, 256, 256, generator=seeded())
    assert torch.allclose(displaced(picture, torch.zeros(1, 2, FIELD, FIELD)), picture, atol=1e-4)
    assert identity_grid(4, picture.device).shape == (1, 4, 4, 2)


def test_a_batch_holds_dark_lines_on_paper_and_repeats_itself() -> None:
    faces = few_faces()
    index = torch.arange(4)
    one = make(faces, index, REAL, seeded(3))
    again = make(faces, index, REAL, seeded(3))
    assert torch.equal(one.sketch, again.sketch)
    assert one.photo.shape == (4, 3, 256, 256) and one.sketch.shape == (4, 1, 256, 256)
    assert float(one.sketch.min()) >= 0 and float(one.sketch.max()) <= 1
    assert float(standard(one.photo).mean()) > 0.7


def test_stage_one_learns_to_write_back_what_it_sees() -> None:
    torch.manual_seed(0)
    model = Components()
    chosen = torch.optim.AdamW(model.parameters(), 2e-3)
    sketch = make(few_faces(2), torch.arange(2), REAL, seeded(4)).sketch
    losses = []
    for _ in range(6):
        total = torch.stack(list(components.terms_of(model, sketch, "fp32").values())).sum()
        chosen.zero_grad()
        total.backward()
        chosen.step()
        losses.append(float(total))
    assert losses[-1] < 0.8 * losses[0]


def test_both_steps_of_stage_two_run_and_move_the_painter() -> None:
    torch.manual_seed(0)
    faces = few_faces()
    frozen = Components().eval().requires_grad_(False)
    bank = build(frozen, faces)
    stage = synthesis.Stage(frozen, bank, None, "fp32")
    before = stage.painter.synthesis.colour.weight.clone()
    rng = seeded(5)
    small = stage.small_step(faces, make(faces, torch.arange(4), REAL, rng), rng, True, True)
    place = torch.arange(2)
    batch = make(faces, faces.sharp[place], REAL, rng, place=place)
    large = stage.large_step(faces, batch, rng)
    for terms in (small, large):
        assert all(bool(torch.isfinite(t)) for t in terms.values())
    assert {"l1", "keep", "adv", "match", "critic"} <= small.keys()
    assert {"large", "large_critic"} <= large.keys()
    assert not torch.equal(before, stage.painter.synthesis.colour.weight)
    assert set(small) | set(large) <= set(synthesis.TERMS)


def test_a_windows_margin_stays_on_the_sheet() -> None:
    for part in INNER:
        w = WINDOWS[part]
        assert float(inside(part).sum()) == w.size**2
        assert float(inside(part, 5).sum()) == (w.size + 10) ** 2


def test_the_exported_set_makes_a_face_as_the_networks_do(tmp_path: Path) -> None:
    torch.manual_seed(0)
    faces = few_faces()
    frozen, painter = Components().eval(), Painter().eval()
    run, folder = tmp_path / "run", tmp_path / "face"
    run.mkdir()
    write(frozen, faces, run)
    sketch = standard(faces.pictures[:2].float() / 255)
    export(frozen, painter, sketch, run, folder, {"steps": 1, "minutes": 1, "componentSteps": 1})
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["bank"]["count"] == 8 and manifest["outputPx"] == 512
    assert len(manifest["graphs"]) == 16
    for graph in manifest["graphs"].values():
        assert (folder / graph["file"]).stat().st_size == graph["bytes"]
    table = json.loads((folder / "bank-table.json").read_text())
    assert [p["space"] for p in table["people"]] == ["feminine", "masculine", None, "masculine"]
    model = ShippedFace(folder)
    vectors = model.vectors(sketch[0, 0].numpy())
    assert model.face(vectors).shape == (512, 512, 3)
    assert model.drawn(vectors)["mouth"].shape == (96, 96)
    # a sketch of the bank is its own neighbour: the manifold leaves it nearly as it is
    refined = model.refined(vectors, 1.0)
    for part in PARTS:
        size = float(np.linalg.norm(vectors[part]))
        assert float(np.linalg.norm(refined[part] - vectors[part])) < 0.2 * size + 1e-3
