"""What can go wrong, as exceptions that carry the message and the fields of the Rust error."""

from __future__ import annotations

__all__ = [
    "AccountsError",
    "IllPosedError",
    "InputError",
    "MissingExtraError",
    "PolicyError",
    "PricefloorError",
    "SweepError",
    "UnsolvedError",
]


class PricefloorError(Exception):
    """Anything that this package can refuse.

    ``place`` is the thing that the error names, ``value`` the number that broke a rule; each is ``None`` where there is
    none.
    """

    place: str | None
    value: float | None

    def __init__(self, message: str, place: str | None = None, value: float | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.value = value

    def __reduce__(self) -> tuple[type[PricefloorError], tuple[str, str | None, float | None]]:
        return type(self), (str(self), self.place, self.value)


class InputError(PricefloorError, ValueError):
    """Something given is malformed: a number outside its range, an unknown or repeated name, a wrong type or shape."""


class PolicyError(PricefloorError):
    """Measures that contradict each other or do not fit the market."""


class IllPosedError(PricefloorError):
    """The question has no answer: demand that must be met cannot be, or any price would do."""


class UnsolvedError(PricefloorError):
    """The solver did not arrive."""


class AccountsError(PricefloorError):
    """Accounts that do not close, or that do not compare."""


class SweepError(PricefloorError):
    """A sweep that cannot go on: a stored part that does not belong to it, or a part that was lost too often."""


class MissingExtraError(PricefloorError, ImportError):
    """A package that is not installed; the message names the extra that brings it."""
