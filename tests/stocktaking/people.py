"""Records of the tests about people."""

import factory

from stocktaking.imports.models import ImportJob
from stocktaking.organization.roles import OrganisationRole
from tests.factories import MemberFactory, OrganisationFactory, UserFactory


class OrganisationRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganisationRole

    member = factory.SubFactory(MemberFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    title = "Head of international affairs"


class ImportJobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportJob

    by = factory.SubFactory(UserFactory)
    name = "projects.xlsx"
