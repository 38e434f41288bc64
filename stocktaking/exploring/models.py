"""Collections: searches to which the secretariat gives a name and a text."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from stocktaking.follow.models import MAX_QUERY


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Public collections; all for the secretariat."""
        return (
            self
            if getattr(user, "is_secretariat", False)
            else self.filter(is_public=True)
        )


class Collection(models.Model):
    """A live page of projects: a search with a name, an introduction and an address."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=150)
    intro = models.TextField(_("introduction"), max_length=2000, blank=True)
    query = models.CharField(
        _("search"),
        max_length=MAX_QUERY,
        help_text=_("The part of the list’s address after the question mark."),
    )
    is_public = models.BooleanField(_("public"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = CollectionQuerySet.as_manager()  # type: ignore[django-manager-missing]  # translated

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["order", "id"], name="collection_order")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("stocktaking:collection", args=[self.slug])
