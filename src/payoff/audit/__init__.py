"""The audit of a model as a product, over nothing but a file of its predictions and what came of them.

The room itself is callable, so that `payoff.audit(frame)` means the same whether or not the room was imported
before: importing a submodule binds the name `payoff.audit` to this module.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from payoff.audit.report import Finding, Report, Section, Table
from payoff.audit.run import audit

__all__ = ["Finding", "Report", "Section", "Table", "audit"]


class _Door(ModuleType):
    def __call__(self, *args: Any, **named: Any) -> Report:
        return audit(*args, **named)


sys.modules[__name__].__class__ = _Door
