"""Records of the roadmap whose address contains a code."""

from common.api.views import Records


class Coded(Records):
    lookup_value_converter = "slug"
