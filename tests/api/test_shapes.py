"""What comes in is looked at before anything else sees it: every body and query is a `Shape`."""

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.params import Depends
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from sqlalchemy import create_engine

from api.main import create_app
from models.base import Shape, Shown


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation names, and those of their fields."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation)
    for part in typing.get_args(annotation):
        yield from models_in(part)


def asked_by(function: Callable[..., Any]) -> Iterator[type[BaseModel]]:
    """The models that a route or what it depends on is given of a request."""
    given = typing.get_type_hints(function, include_extras=True)
    given.pop("return", None)
    for annotation in given.values():
        depends = [one for one in typing.get_args(annotation) if isinstance(one, Depends)]
        for one in depends:
            if inspect.isfunction(one.dependency):
                yield from asked_by(one.dependency)
        if not depends:
            yield from models_in(annotation)


def test_what_comes_in_is_a_shape() -> None:
    served = create_app(create_engine("sqlite://")).routes
    found = {
        one
        for route in iter_route_contexts(served)
        if route.endpoint is not None
        for one in asked_by(route.endpoint)
    }
    assert len(found) > 60
    assert {one.__name__ for one in found if not issubclass(one, Shape)} == set()


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_a_shape_takes_no_text_that_cannot_be_stored(text: str) -> None:
    class Asked(Shape):
        words: list[str]

    class Told(Shown):
        words: list[str]

    with pytest.raises(ValueError, match="words: holds a character that cannot be stored"):
        Asked(words=[text])
    assert Told(words=["a"]).words == ["a"]
