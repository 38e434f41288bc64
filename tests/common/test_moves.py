"""Tables of moves name methods of their models; what they name has to be there."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.second_factor.models import FactorReset
from common.moves.models import Moved, check_table, check_tables
from common.moves.workflow import Move, Workflow


def model_with(workflow):
    """What Django makes of a model, as far as its table is concerned."""

    class Model(Moved):
        WORKFLOW = workflow

        class Meta:
            abstract = True
            app_label = "tests"

        REASON = "no method"

        def require_ready(self):
            """What a table may name."""

    return Model


def table(**names):
    return Workflow(
        "tests.model", "a", (Move("go", {"a"}, "b", {"owner"}, "", **names),)
    )


def test_every_table_of_the_portal_names_methods_that_are_there():
    check_tables()


def test_a_table_may_name_methods_of_its_model():
    check_table(model_with(table(check="require_ready", then="history")))


@pytest.mark.parametrize("place", ["check", "check_all", "then"])
@pytest.mark.parametrize("name", ["require_raedy", "REASON"])
def test_a_name_that_is_no_method_stops_the_start(place, name):
    model = model_with(table(**{place: name}))

    with pytest.raises(
        ImproperlyConfigured, match=rf"“go” of tests.Model names {name}"
    ):
        check_table(model)


def test_a_model_has_a_table_of_its_own():
    with pytest.raises(ImproperlyConfigured, match="no table of moves"):
        check_table(model_with(None))
    with pytest.raises(ImproperlyConfigured, match=r"of accounts\.factorreset"):
        check_table(model_with(FactorReset.WORKFLOW))
