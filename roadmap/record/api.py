"""Records of the roadmap that are addressed by a code."""

from common.api.views import Records


class Coded(Records):
    lookup_value_converter = "slug"
