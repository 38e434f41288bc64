"""Links in mails: only the mail has the token, the database keeps its hash; their pages."""

import hashlib
import secrets
from typing import Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The stored form: it cannot be used by somebody who reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def private(response: HttpResponse) -> HttpResponse:
    """The address is a key: no cache keeps the page, and no other site learns it."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class LinkedQuerySet(models.QuerySet[Row_co]):
    def with_token(self, token: str) -> Self:
        """What a link leads to, whatever has become of it."""
        return self.filter(tokens__contains=[digest(token)])


class Linked(models.Model):
    """A record to which links in mails lead; each mail has a link of its own.

    The model has an index of `tokens` under a name of its own.
    """

    tokens = ArrayField(
        models.CharField(max_length=64),
        verbose_name=_("SHA-256 of the tokens"),
        default=list,
        editable=False,
    )

    class Meta:
        abstract = True

    def add_link(self) -> str:
        """The token of a new link, for one mail."""
        token = new_token()
        self.tokens.append(digest(token))
        self.save(update_fields=["tokens"])
        return token
