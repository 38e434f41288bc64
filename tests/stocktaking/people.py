"""Records of the tests about people."""

import factory

from stocktaking.models import OrganisationRole
from tests.factories import MemberFactory, OrganisationFactory


class OrganisationRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganisationRole

    member = factory.SubFactory(MemberFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    title = "Head of international affairs"
