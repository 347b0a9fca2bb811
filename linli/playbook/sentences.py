"""Says in plain sentences what pydantic found wrong in a file."""

import difflib
from collections.abc import Callable, Iterable
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from linli.playbook.base import Clock, Text

# The tables of a method file that a later version of Linli runs.
LATER: Final = (
    "programme",
    "facility",
    "letter",
    "award",
    "figure",
)

_KINDS: Final = {
    "string_type": "text in quotes",
    "list_type": "a list in square brackets",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}

_WRITTEN: Final[dict[type[BaseModel] | None, tuple[str, str]]] = {
    Text: ("a text in both languages", '{ zh = "…", en = "…" }'),
    Clock: ("a length of time", 'it as "5 workdays"'),
}

_EXAMPLES: Final = {
    "accept": '"1 workday"', "answer": '"15 workdays"', "confirm": '"14 days"',
    "expires": '"14 days"', "within": '"5 workdays"', "term": '"365 days"',
    "lasts": '"3 hours"',
}  # fmt: skip


def sentence(error: ErrorDetails, root: type[BaseModel]) -> tuple[str, str]:
    """What is wrong, and what would be right."""
    kind = error["type"]
    if kind in _KINDS and (model := model_at(root, error["loc"])) in _WRITTEN:
        what, written = _WRITTEN[model]
        return f"{_said(error['loc'])} is not {what}", f"write {written}"
    if kind in _KINDS:
        return f"{_said(error['loc'])} is not {_KINDS[kind]}", f"write {_KINDS[kind]}"
    say = _SENTENCES.get(kind, _other)
    return say(error, root)


def closest(word: str, known: Iterable[str]) -> str:
    """A hint that names the word probably meant, or everything that could be written."""
    names = sorted(known)
    if near := difflib.get_close_matches(word, names, n=1):
        return f'did you mean "{near[0]}"?'
    return f"use one of: {', '.join(names)}"


def _said(loc: tuple[int | str, ...]) -> str:
    # "[key]" is pydantic's own mark for a key that is wrong, not a name in the file.
    names = [part for part in loc if isinstance(part, str) and part != "[key]"]
    return f'"{names[-1]}"' if names else "this"


def _missing(error: ErrorDetails, root: type[BaseModel]) -> tuple[str, str]:
    if model_at(root, error["loc"][:-1]) is Text:
        return _no_text(error["loc"])
    name = str(error["loc"][-1])
    return f'"{name}" is missing', f"add {name} = {_EXAMPLES.get(name, '…')}"


def _no_text(loc: tuple[int | str, ...]) -> tuple[str, str]:
    language = {"zh": "Chinese", "en": "English"}[str(loc[-1])]
    return f"{_said(loc[:-1])} has no {language} text", 'write both: { zh = "…", en = "…" }'


def _unknown(error: ErrorDetails, root: type[BaseModel]) -> tuple[str, str]:
    name = str(error["loc"][-1])
    if len(error["loc"]) == 1 and name in LATER:
        return (
            f"this version of Linli does not run [[{name}]] yet",
            "leave it out; a method file holds [[case]], [[activity]] and [[post]]",
        )
    model = model_at(root, error["loc"][:-1])
    known = [field.alias or key for key, field in model.model_fields.items()] if model else []
    return f'"{name}" is not a key here', closest(name, known)


def _not_listed(error: ErrorDetails, _: type[BaseModel]) -> tuple[str, str]:
    allowed = error.get("ctx", {}).get("expected", "").replace("'", "").replace(" or ", ", ")
    return f'{_said(error["loc"])} cannot be "{error["input"]}"', closest(
        str(error["input"]), allowed.split(", ")
    )


def _pattern(error: ErrorDetails, _: type[BaseModel]) -> tuple[str, str]:
    wanted = error.get("ctx", {}).get("pattern", "")
    return (
        f'{_said(error["loc"])} cannot be "{error["input"]}"',
        "use small letters, digits and hyphens, beginning with a letter"
        if wanted.startswith("^[a-z]")
        else f"it has to match {wanted}",
    )


def _empty(error: ErrorDetails, root: type[BaseModel]) -> tuple[str, str]:
    if model_at(root, error["loc"][:-1]) is Text:
        return _no_text(error["loc"])
    return f"{_said(error['loc'])} is empty", "write something, or take the line out"


def _given(error: ErrorDetails, _: type[BaseModel]) -> tuple[str, str]:
    hint = error.get("ctx", {}).get("hint", "see the schema: linli playbook schema")
    return error["msg"], str(hint)


def _other(error: ErrorDetails, _: type[BaseModel]) -> tuple[str, str]:
    return (
        f"{_said(error['loc'])} is not right: {error['msg'].lower()}",
        f'"{error["input"]}" was found',
    )


_SENTENCES: Final[dict[str, Callable[[ErrorDetails, type[BaseModel]], tuple[str, str]]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _not_listed,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _empty,
    "too_short": _empty,
    "span": _given,
    "rule": _given,
}


def model_at(root: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model that reads what stands at ``loc``, or None if that is no table."""
    here: Any = root
    for part in loc:
        if isinstance(part, int):
            here = next(iter(get_args(_bare(here))), None)
        elif isinstance(here, type) and issubclass(here, BaseModel):
            here = next(
                (
                    field.annotation
                    for key, field in here.model_fields.items()
                    if part in (key, field.alias)
                ),
                None,
            )
        elif get_origin(here) is dict:
            here = get_args(here)[1]
        here = _bare(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """The annotation without Annotated[…] and without "or None"."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    if type(None) in get_args(annotation):
        return _bare(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return annotation
