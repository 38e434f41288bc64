"""How the experts of a contest review: fields of the contest."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewMode(models.TextChoices):
    SCORES = "scores", _("Weighted scores")
    PASS_FAIL = "pass_fail", _("Pass or fail")


class ReviewRules(models.Model):
    """Part of `Contest`."""

    review_mode = models.CharField(
        _("how experts review"),
        max_length=9,
        choices=ReviewMode.choices,
        default=ReviewMode.SCORES,
    )
    reviews_anonymous = models.BooleanField(
        _("experts do not see who has entered"),
        default=False,
        help_text=_(
            "They read a redacted text, without organization, people, country and addresses."
        ),
    )
    names_at_choice = models.BooleanField(
        _("names are shown at the choice of the winner"), default=True
    )
    country_barred = models.BooleanField(
        _("experts do not review entries of their own country"), default=False
    )

    class Meta:
        abstract = True
