"""Every model, one after the other: train, export, evaluate.

python -m training all --minutes 90
python -m training scft --minutes 90 --data ~/my-pictures
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from .places import HERE

MODELS = ("inkwash", "scft", "nerk", "palette")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("model", choices=("all", *MODELS))
    parser.add_argument("--minutes", type=float, default=90, help="of training, each model")
    words, rest = parser.parse_known_args()
    for model in MODELS if words.model == "all" else (words.model,):
        folder = str(HERE.parent / model)
        for step in (
            ["train", model, "--minutes", str(words.minutes), *rest],
            ["export", model, "--to", folder, "--card"],
            ["evaluate", model, "--card"],
        ):
            subprocess.run(
                [sys.executable, "-m", f"{__package__}.{step[0]}", *step[1:]], check=True
            )


if __name__ == "__main__":
    main()
