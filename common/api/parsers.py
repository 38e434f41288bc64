"""The JSON that the API reads: finite numbers, unique names, limited size."""

import json
import math
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers

from common.api.errors import BodyTooLarge

MAX_BODY = 1024 * 1024  # bytes of a JSON body; the longest entry has about 200 KB


def no_number(name: str) -> None:
    """Refuse NaN and Infinity: they are Python's, not JSON's."""
    raise ValueError(name)


def finite(text: str) -> float:
    """Refuse numbers such as 1e400, which would be read as infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. Refuses a name that comes twice, as nobody knows which value is meant."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name comes twice")
    return members


class JSONParser(parsers.JSONParser):
    """JSON in UTF-8 up to 1 MB; too deep nesting is refused as invalid JSON."""

    def parse(
        self, stream: Any, media_type: object = None, parser_context: object = None
    ) -> Any:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise BodyTooLarge
        try:
            return json.loads(
                body.decode(),
                parse_constant=no_number,
                parse_float=finite,
                object_pairs_hook=named_once,
            )
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is not readable JSON.")) from error
