"""Values of the model as plain JSON data and back, by their type annotations, so that a new field needs no code."""

from __future__ import annotations

import json
import types
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from bptui.model import evidence, media, system

Data: TypeAlias = Any
"""What `json` reads and writes: nested dicts, lists, texts, numbers, None."""


def encode(value: object) -> Data:
    """Turn a value into plain data; fields that have their default, or are None, are left out."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key.value if isinstance(key, Enum) else key): encode(item) for key, item in value.items()}
    if is_dataclass(value):
        return {
            name: encode(item)
            for name, default in _defaults(_kind(value))
            if (item := getattr(value, name)) is not default and item != default
        }
    if isinstance(value, tuple | list | frozenset | set):
        return [encode(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be recorded")


def difference(before: object, after: object) -> dict[str, Data]:
    """The fields of a dataclass value that changed, with None for those that are None now."""
    changed: dict[str, Data] = {}
    for name, _ in _defaults(_kind(after)):
        new = getattr(after, name)
        old = getattr(before, name)
        if old is not new and old != new:
            changed[name] = encode(new)
    return changed


def decode(kind: Any, data: Data) -> Any:
    """Make a value of a type from plain data.

    Raises:
        TypeError, ValueError, KeyError: the data do not fit the type.
    """
    return None if data is None else _maker(kind)(data)


@cache
def _maker(kind: Any) -> Callable[[Data], Any]:
    """What makes values of a type from data that are not None, put together once: a start may read very many of them."""
    plain = getattr(kind, "__supertype__", kind)
    origin = get_origin(plain)
    if origin in (Union, types.UnionType):
        return _maker(next(one for one in get_args(plain) if one is not type(None)))
    if origin is not None:
        return _generic_maker(origin, get_args(plain))
    if plain is Any:
        return lambda data: data
    if is_dataclass(plain):
        return _dataclass_maker(plain)
    return datetime.fromisoformat if plain is datetime else plain


def _generic_maker(origin: Any, arguments: tuple[Any, ...]) -> Callable[[Data], Any]:
    if issubclass(origin, Mapping):
        key, value = map(_maker, arguments)
        return lambda data: {
            key(name): None if item is None else value(item) for name, item in _require_mapping(data).items()
        }
    make = _maker(arguments[0])
    return lambda data: origin(None if item is None else make(item) for item in data)


def _dataclass_maker(kind: Any) -> Callable[[Data], Any]:
    hints = _hints(kind)
    makers = {name: _maker(hint) for name, (hint, _) in hints.items()}
    may_be_none = {name for name, (hint, _) in hints.items() if hint is Any or type(None) in get_args(hint)}
    missing: dict[str, Any] = {name: None for name in may_be_none if not hints[name][1]}

    def make(data: Mapping[str, Data]) -> Any:
        known = dict(missing)
        for name, item in _require_mapping(data).items():
            if item is not None:
                if name in makers:
                    known[name] = makers[name](item)
            elif name in may_be_none:
                known[name] = None
        return kind(**known)  # raises TypeError where a value is missing that must be there

    return make


def _require_mapping(data: Data) -> Data:
    if not isinstance(data, dict):
        raise TypeError(f"{type(data).__name__} instead of fields by name")
    return data


def _kind(value: object) -> Any:
    return type(value)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:
    return tuple((field.name, _default(field)) for field in fields(kind))


def _default(field: Field[Any]) -> object:
    """What a field need not be written for."""
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else None


@cache
def _hints(kind: Any) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is not MISSING or field.default_factory is not MISSING,
        )
        for field in fields(kind)
    }


def encode_tagged(value: object) -> Data:
    """Turn an answer into plain data that say themselves what they are: one value, or a tuple of one kind."""
    if isinstance(value, tuple):
        return [type(value[0]).__name__ if value else "", [encode(item) for item in value]]
    return [type(value).__name__, encode(value)]


def decode_tagged(data: Data) -> Any:
    """Make the answer again; raises TypeError or ValueError when it is nothing that an appliance answers."""
    name, told = data
    if isinstance(told, list):
        return tuple(decode(_answer_kind(name), item) for item in told)
    return decode(_answer_kind(name), told)


def _answer_kind(name: str) -> type:
    for module in (evidence, media, system):
        kind = getattr(module, name, None)
        if isinstance(kind, type) and is_dataclass(kind):
            return kind
    raise ValueError(f"{name!r} is no kind of answer")


_LEVEL = 6


def pack(body: Mapping[str, Data]) -> bytes:
    """Write plain data as compressed JSON, item by item, so that no step of it takes long at once.

    A section may be an iterator of names and items instead of a dict, so that a large one is never held whole.
    """
    squeezer = zlib.compressobj(_LEVEL)
    parts = [squeezer.compress(b"{")]
    for number, (name, section) in enumerate(body.items()):
        parts.append(squeezer.compress((("," if number else "") + json.dumps(name) + ":").encode()))
        parts.extend(squeezer.compress(text.encode()) for text in _texts(section))
    parts += (squeezer.compress(b"}"), squeezer.flush())
    return b"".join(parts)


def _texts(section: Data) -> Iterator[str]:
    if not isinstance(section, dict | Iterator):
        yield _json(section)
        return
    yield "{"
    for number, (name, item) in enumerate(section.items() if isinstance(section, dict) else section):
        yield ("," if number else "") + json.dumps(name) + ":" + _json(item)
    yield "}"


def _json(data: Data) -> str:
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


MOST_BYTES = 512 * 1024 * 1024
"""Larger than this a body is not unpacked: a recording may come from anybody."""


def unpack(packed: bytes) -> dict[str, Data]:
    """Read what `pack` wrote.

    Raises:
        ValueError: it is damaged, or absurdly large.
    """
    squeezer = zlib.decompressobj()
    try:
        text = squeezer.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"a damaged frame: {error}") from None
    if squeezer.unconsumed_tail or not squeezer.eof:
        raise ValueError("a damaged frame: it does not end")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("a damaged frame: it is no object")  # noqa: TRY004 - one family for who reads a file
    return found
