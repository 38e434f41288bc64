"""The admin pages of the logs of all apps; `common/admin/` is a room, not Django's module."""

from common.mail import admin as mail
from common.moves import admin as moves
from common.records import admin as records

__all__ = ["mail", "moves", "records"]
