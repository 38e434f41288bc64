"""The admin pages of the logs of all apps; `common/admin/` is a package of base classes, not
Django's admin module."""

from common.imports import admin as imports
from common.mail import admin as mail
from common.moves import admin as moves
from common.records import admin as records

__all__ = ["imports", "mail", "moves", "records"]
