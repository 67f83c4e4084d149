"""What `select` and `refine` of a model may hold: their shape for editors, read elsewhere."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import WithJsonSchema

__all__ = ["Refining", "Selecting"]

Selecting = Annotated[
    Any,
    WithJsonSchema(
        {
            "description": "which of several equilibria stands first",
            "anyOf": [
                {"enum": ["principal", "payoff_dominance", "risk_dominance"]},
                {
                    "type": "object",
                    "properties": {"favourite": {"type": "string"}},
                    "required": ["favourite"],
                    "additionalProperties": False,
                },
            ],
        }
    ),
]

Refining = Annotated[
    Any,
    WithJsonSchema(
        {
            "description": "refinements that equilibria must pass",
            "type": "array",
            "items": {"enum": ["intuitive", "undominated"]},
        }
    ),
]
