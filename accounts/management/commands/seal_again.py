"""After a change of SECRET_KEY: encrypts with the new key what older keys have encrypted."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.second_factor.seals import InvalidToken, seal_again

SEALED = ("secret", "seed", "migrated_codes")  # of allauth's authenticators


class Command(BaseCommand):
    help = "Seals two-step verification with the present SECRET_KEY (after SECRET_KEY_FALLBACKS)."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed, lost = 0, []
        for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
            try:
                sealed += seal_row(pk)
            except InvalidToken:
                lost.append(pk)
        self.stdout.write(f"{sealed} sealed with the present key.")
        if lost:
            self.stderr.write(
                f"{len(lost)} open with no key that is set: the people have to set up two-step"
                " verification anew, or the key is missing in SECRET_KEY_FALLBACKS."
            )


@transaction.atomic
def seal_row(pk: int) -> bool:
    """Whether the row holds anything encrypted. Raises InvalidToken when no key decrypts it."""
    row = Authenticator.objects.select_for_update().get(pk=pk)
    anew = {name: _again(row.data[name]) for name in SEALED if row.data.get(name)}
    if anew:
        row.data |= anew
        row.save(update_fields=["data"])
    return bool(anew)


def _again(value: Any) -> Any:
    return (
        [seal_again(one) for one in value]
        if isinstance(value, list)
        else seal_again(value)
    )
