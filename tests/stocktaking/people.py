"""Records of the tests about people."""

import factory

from common.imports.models import ImportJob
from stocktaking.organization.roles import OrganizationRole
from tests.factories import MemberFactory, OrganizationFactory, UserFactory


class OrganizationRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganizationRole

    member = factory.SubFactory(MemberFactory)
    organization = factory.SubFactory(OrganizationFactory)
    title = "Head of international affairs"


class ImportJobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportJob

    by = factory.SubFactory(UserFactory)
    kind = "projects"
    name = "projects.xlsx"
