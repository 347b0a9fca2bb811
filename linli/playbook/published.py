"""The schema of both kinds of files as JSON Schema, so that editors can complete them."""

from typing import Any

from pydantic.json_schema import models_json_schema

from linli.playbook.schema import County, Method


def json_schema() -> dict[str, Any]:
    """One JSON Schema (2020-12): a file is a method or ``county.toml``.

    Point an editor at ``#/$defs/Method`` or ``#/$defs/County`` to get the keys of that one alone.
    """
    _, schema = models_json_schema(
        [(Method, "validation"), (County, "validation")], by_alias=True, title="Linli playbook"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "anyOf": [{"$ref": "#/$defs/Method"}, {"$ref": "#/$defs/County"}],
    }
