"""Projection onto the manifold of known parts: K nearest, locally linear weights.

Roweis and Saul 2000: the weights minimise |v - sum_k w_k n_k|^2 subject to sum_k w_k = 1. With the
Gram matrix G of the differences v - n_k that is G w = 1, scaled to sum one; G is regularised by a
share of its trace, as it is singular where neighbours are more than dimensions.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .windows import NEIGHBOURS, REGULARISATION


def local_weights(vectors: Tensor, near: Tensor, regularisation: float = REGULARISATION) -> Tensor:
    """vectors [N, D], near [N, K, D] -> weights [N, K] that sum to one."""
    gap = (vectors[:, None] - near).double()
    gram = gap @ gap.transpose(1, 2)
    trace = gram.diagonal(dim1=1, dim2=2).sum(1)
    count = near.shape[1]
    eye = torch.eye(count, dtype=gram.dtype, device=gram.device)
    gram = gram + eye * (regularisation * trace + 1e-12)[:, None, None]
    ones = gram.new_ones(len(gram), count, 1)
    weights = torch.linalg.solve_ex(gram, ones)[0][:, :, 0]
    return (weights / weights.sum(1, keepdim=True)).to(near.dtype)


def projected(
    vectors: Tensor, bank: Tensor, excluded: Tensor | None = None, count: int = NEIGHBOURS
) -> Tensor:
    """vectors [N, D] -> their places on the manifold of bank [B, D].

    excluded [N, B] is true where a bank entry must not help (the person herself, in training).
    """
    # |v-b|^2 by products: no N x B x D array; doubles, since large numbers are subtracted
    v, b = vectors.float(), bank.float()
    distance = (b.double() ** 2).sum(1)[None] - 2 * v.double() @ b.double().T
    if excluded is not None:
        distance = distance.masked_fill(excluded, float("inf"))
    chosen = distance.topk(min(count, len(bank)), dim=1, largest=False).indices
    near = b[chosen]
    return (local_weights(v, near)[:, :, None] * near).sum(1)
