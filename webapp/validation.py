"""Validation of text, whole numbers and image indices from users."""

from __future__ import annotations

import unicodedata

from webapp.errors import InvalidError, NotFoundError

MAX_NAME_LENGTH = 200
MAX_NOTES_LENGTH = 10_000
MAX_NOTE_LENGTH = 2_000
LARGEST_INTEGER = 2**63 - 1  # the largest integer that SQLite can store

_LINE_ENDS = frozenset("\n\r\t")


def read_whole_number(field: str, value: object, *, first: int = 0, last: int) -> int:
    """Return `value` if it is an integer from `first` to `last`, otherwise raise InvalidError.

    True and 1.0 are invalid.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not first <= value <= last:
        raise InvalidError({field: f"must be a whole number from {first:,} to {last:,}"})
    return value


def check_test_index(index: int, n_images: int) -> None:
    """Raise NotFoundError if a test set of `n_images` has no image `index`."""
    if index >= n_images:
        raise NotFoundError(f"The test set has no image {index}; the last one is {n_images - 1}.")


def clean_name(value: object) -> str:
    """Remove the spaces around the name of a run, and return the name.

    The name may be empty but must not have several lines. Raises InvalidError.
    """
    return _clean("name", value, MAX_NAME_LENGTH, allowed=frozenset())


def clean_notes(value: object) -> str:
    """Remove the spaces around the notes on a run, and return the notes.

    The notes may have several lines. Raises InvalidError.
    """
    return _clean("notes", value, MAX_NOTES_LENGTH, allowed=_LINE_ENDS)


def clean_note(value: object) -> str:
    """Remove the spaces around the note on an image, and return the note.

    The note may have several lines. Raises InvalidError.
    """
    return _clean("note", value, MAX_NOTE_LENGTH, allowed=_LINE_ENDS)


def _clean(field: str, value: object, max_length: int, *, allowed: frozenset[str]) -> str:
    if not isinstance(value, str):
        raise InvalidError({field: "must be text"})
    text = value.strip()
    if len(text) > max_length:
        raise InvalidError({field: f"must be at most {max_length:,} characters long, not {len(text):,}"})
    for character in text:
        # Cc: control characters such as NUL; Cs: single surrogates, which UTF-8 cannot encode.
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed:
            raise InvalidError({field: f"must not contain the character U+{ord(character):04X}"})
    return text
