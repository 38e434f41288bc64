"""Stored answers of the API, given again when a request is repeated."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser

ANSWERS_KEPT = timedelta(days=1)


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    def of(self, user: AnyUser) -> Self:
        """This person's answers that still count; deletes older ones."""
        answers = self.filter(user=user)
        answers.filter(at__lt=timezone.now() - ANSWERS_KEPT).delete()
        return answers


class KeptAnswer(models.Model):
    """What the API answered to an Idempotency-Key; given again when the request is repeated."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    question = models.CharField(max_length=64)  # SHA-256 of method, path and body
    status = models.PositiveSmallIntegerField()
    data = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="answer_once")
        ]

    def __str__(self) -> str:
        return self.key
