"""The values of public messages as JSON Schema, in the dialect of AsyncAPI 3 (a superset of draft 7)."""

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from pipeline.codec import adapter

Schema = dict[str, Any]
WHERE = "#/components/schemas/"


class Dialect(GenerateJsonSchema):
    """Pydantic's schema without titles that repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Never: the field's name stands right in front."""
        return False


def schemas(types: Iterable[type]) -> Schema:
    """Schemas of the types and of all that they hold, by name."""
    mode: JsonSchemaMode = "serialization"
    wanted = [(kind.__name__, mode, adapter(kind)) for kind in types]
    _, found = TypeAdapter.json_schemas(
        wanted,
        ref_template=WHERE + "{model}",
        schema_generator=Dialect,
    )
    defined: Schema = found["$defs"]
    return {name: _plain(defined[name]) for name in sorted(defined)}


def _plain(schema: Any) -> Any:
    """Without what AsyncAPI says in another way; what tells kinds apart is required."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _plain(part) for name, part in schema.items() if name != "discriminator"}
    if isinstance(plain.get("properties"), dict):
        told = [name for name, part in plain["properties"].items() if "const" in part]
        plain["required"] = [*plain.get("required", []), *told]
    return plain
