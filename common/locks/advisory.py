"""The advisory locks of the portal: one number for each thing that only one process may do at a
time.

PostgreSQL has one space of such numbers per database. Two jobs with the same number would wait for
each other, so every number is listed here and nowhere else.
"""

from enum import IntEnum, unique

PORTAL = 0x575349 << 8  # “WSI”: keeps clear of locks that libraries take


@unique
class Lock(IntEnum):
    PROJECT_IMPORT = PORTAL + 1
    TEXT_IMPORT = PORTAL + 2
    PRIZES_IMPORT = PORTAL + 3
    FORUM_IMPORT = PORTAL + 4
    ROADMAP_IMPORT = PORTAL + 5
    DESK_ASSIGNMENT = PORTAL + 6  # who works on which submission
    MILESTONE_DEPENDENCIES = PORTAL + 7
    DELEGATION_IMPORT = PORTAL + 9
    GATHERING = PORTAL + 8  # who makes one mail of those that people get together
    HELD_VOTES = PORTAL + 10  # who judges votes by the rules
