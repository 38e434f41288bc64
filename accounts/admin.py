"""Gathers the admin pages of the nouns, where Django looks for them."""

from accounts.api_key import admin as api_key
from accounts.consent import admin as consent
from accounts.notification import admin as notification
from accounts.personal_data import admin as personal_data
from accounts.second_factor import admin as second_factor
from accounts.session import admin as session
from accounts.sign_in import admin as sign_in
from accounts.user import admin as user

__all__ = [
    "api_key",
    "consent",
    "notification",
    "personal_data",
    "second_factor",
    "session",
    "sign_in",
    "user",
]
