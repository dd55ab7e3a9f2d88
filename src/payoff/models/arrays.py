"""Arrays inside JSON: little-endian float64 as base64, exact to the last bit and half the size of digits."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payoff.errors import BadInput, Fault


def packed(array: NDArray[np.float64]) -> dict[str, Any]:
    """Shape and content of an array."""
    return {
        "shape": list(array.shape),
        "f8": base64.b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode(),
    }


def unpacked(data: Mapping[str, Any]) -> NDArray[np.float64]:
    """The array again. Raises `BadInput` when the content does not fill the shape."""
    raw = np.frombuffer(base64.b64decode(data["f8"]), "<f8")
    if raw.size != int(np.prod(data["shape"])):
        fault = Fault(
            "array", f"{raw.size} numbers do not fill {data['shape']}", "Learn again; the payload is damaged."
        )
        raise BadInput("a learned model", [fault])
    return raw.reshape(data["shape"]).astype(np.float64)
