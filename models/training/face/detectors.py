"""Optional judges of made faces: detectors and an embedding of identity.

Neither is a dependency of the training code; without them evaluate says so and leaves them out.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Finder = Callable[[Picture], bool]
Identity = Callable[[Picture], NDArray[np.float64] | None]


def as_bytes(picture: Picture) -> NDArray[np.uint8]:
    return np.asarray(np.clip(picture * 255 + 0.5, 0, 255), np.uint8)


def finders() -> dict[str, Finder]:
    """Detectors that are installed: RGB [H, W, 3] in [0, 1] -> is there a face?

    MTCNN of facenet-pytorch (it wants torchvision too), and dlib's (histograms of gradients) of
    face_recognition.
    """
    found: dict[str, Finder] = {}
    if all(importlib.util.find_spec(name) for name in ("facenet_pytorch", "torchvision")):
        from facenet_pytorch import MTCNN

        network = MTCNN(select_largest=True, post_process=False)

        def by_mtcnn(picture: Picture) -> bool:
            boxes, sure = network.detect(as_bytes(picture))
            return boxes is not None and float(np.max(sure)) > 0.95

        found["MTCNN"] = by_mtcnn
    if importlib.util.find_spec("face_recognition") is not None:
        import face_recognition

        def by_dlib(picture: Picture) -> bool:
            return len(face_recognition.face_locations(as_bytes(picture))) > 0

        found["dlib, gradients"] = by_dlib
    return found


def identity() -> tuple[str, Identity] | None:
    """dlib's 128-d embedding through face_recognition; same person below a distance of 0.6.

    The aligned face's own box is given, so that a missed detection is no missing value.
    """
    if importlib.util.find_spec("face_recognition") is None:
        return None
    import face_recognition

    def embedded(picture: Picture) -> NDArray[np.float64] | None:
        small = cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA)
        whole = as_bytes(np.asarray(small, np.float32))
        found = face_recognition.face_encodings(whole, [(60, 200, 235, 56)])
        return np.asarray(found[0]) if found else None

    return "dlib ResNet, 128-d", embedded
