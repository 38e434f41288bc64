"""The steps of a build as staff see them: how far each is, how long it took, what it said."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reports.build.models import NEEDS, Build, Step

SECONDS_A_MINUTE = 60


class Row(NamedTuple):
    """`look` is the name of its style: done, now or next."""

    step: Step
    state: Any
    look: str
    time: str
    said: str


def rows_of(build: Build) -> list[Row]:
    steps = build.steps_in_order()
    undone = {step.kind for step in steps if step.state != Step.State.DONE}
    return [
        Row(
            step,
            state_of(step, undone),
            {"done": "done", "running": "now"}.get(step.state, "next"),
            "" if step.seconds is None else minutes(step.seconds),
            step.error or step.last_line,
        )
        for step in steps
    ]


def state_of(step: Step, undone: set[str]) -> Any:
    """In words; a step may wait for others before it waits for a worker."""
    if step.state == Step.State.QUEUED and undone.intersection(
        NEEDS[Step.Kind(step.kind)]
    ):
        return _("waiting for other steps")
    return step.get_state_display()


def minutes(seconds: int) -> str:
    """ "2:05": minutes and seconds, in every language."""
    whole, rest = divmod(seconds, SECONDS_A_MINUTE)
    return f"{whole}:{rest:02}"
